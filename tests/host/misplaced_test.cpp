// SPDX-License-Identifier: MIT
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;

TEST(Misplaced, base_classes_fail_the_test) {
  Host host;
  EXPECT_NONFATAL_FAILURE(host.exchange(get("/")), "as the very type that is registered");
  host.exchange(get("/", {{"x-right", "1"}}));
}
