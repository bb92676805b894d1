// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <stdexcept>

#include "served.hpp"

namespace wasmup::other_sdks {
namespace {

TEST(StartSection, that_calls_the_host_fails_the_test) {
  EXPECT_NONFATAL_FAILURE(
      EXPECT_THROW(serve({.module = WASMUP_START_SECTION, .configuration = ""}), std::runtime_error),
      "called proxy_log in its start section: Envoy crashes there");
}

}  // namespace
}  // namespace wasmup::other_sdks
