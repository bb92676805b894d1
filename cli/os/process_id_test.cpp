// SPDX-License-Identifier: MIT
#include "process_id.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "processes.hpp"

namespace wasmup::os {
namespace {

TEST(ProcessIdTest, we_live_and_a_number_that_nobody_has_does_not) {
  const auto us = identify(::getpid());
  ASSERT_TRUE(us);
  EXPECT_TRUE(lives(*us));
  EXPECT_FALSE(identify(0));
  EXPECT_FALSE(identify(-1));
}

TEST(ProcessIdTest, another_process_with_our_number_is_not_us) {
  ProcessId other = identify(::getpid()).value();
  ++other.started;
  EXPECT_FALSE(lives(other));
  send_signal(other, SIGKILL);  // and is not hit, or we were not here to tell
}

TEST(ProcessIdTest, one_that_has_ended_does_not_live_though_nobody_has_asked_for_its_status) {
  const auto processes = make_processes();
  const auto child = processes->start({{"sleep", "60"}}, {}).value();
  const ProcessId id = identify(child->pid()).value();
  EXPECT_TRUE(lives(id));
  send_signal(id, SIGTERM);
  EXPECT_EQ(child->wait(std::chrono::seconds(30)), 128 + SIGTERM);
  EXPECT_FALSE(lives(id));
}

}  // namespace
}  // namespace wasmup::os
