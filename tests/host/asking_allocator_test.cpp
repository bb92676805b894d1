// SPDX-License-Identifier: MIT
#include <gtest/gtest-spi.h>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;

// tests/envoy/restriction_test.cpp shows the same of real Envoy.
TEST(Restriction, traps_a_module_that_asks_in_its_allocator) {
  Host host;
  EXPECT_NONFATAL_FAILURE(EXPECT_EQ(host.exchange(get("/")).status(), 503),
                          "called proxy_get_log_level in its allocator: Envoy traps there");
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::info, "allocating")));
  EXPECT_EQ(host.exchange(get("/")).status(), 503) << "the VM is dead";
}
