// SPDX-License-Identifier: MIT
#include "fake_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::os {
namespace {

TEST(fake_network, gives_ports_that_are_not_taken) {
  FakeNetwork network;
  network.taken = {{20002, "nginx (process 12)"}};
  EXPECT_THAT(network.free_ports(2).value(), testing::ElementsAre(20001, 20003));
  EXPECT_TRUE(network.check_free(20001));
  EXPECT_EQ(network.check_free(20002).error().seen, "nginx (process 12) listens there");
}

}  // namespace
}  // namespace wasmup::os
