// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <stdexcept>

#include "served.hpp"

namespace wasmup::other_sdks {
namespace {

TEST(StartSection, that_calls_the_host_crashes_envoy) {
  try {
    serve({.module = WASMUP_START_SECTION, .configuration = ""});
    FAIL() << "it serves";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Segmentation fault"));
  }
}

}  // namespace
}  // namespace wasmup::other_sdks
