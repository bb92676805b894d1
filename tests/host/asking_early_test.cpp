// SPDX-License-Identifier: MIT
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;

// tests/envoy/restriction_test.cpp shows the same of real Envoy.
TEST(Restriction, refuses_a_module_that_asks_while_it_starts) {
  EXPECT_NONFATAL_FAILURE(
      {
        Host host;
        EXPECT_FALSE(host.is_running());
        EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::info, "starting")));
      },
      "called proxy_get_log_level while it started (in a static constructor): Envoy traps there");
}
