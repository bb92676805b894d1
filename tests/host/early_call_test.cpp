// SPDX-License-Identifier: MIT
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;

TEST(EarlyCall, of_anything_but_logging_fails_the_test) {
  EXPECT_NONFATAL_FAILURE(Host().exchange(get("/")), "called proxy_set_property while it started");
}
