// SPDX-License-Identifier: MIT
#include "pause.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "interrupt.hpp"

namespace wasmup::os {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(pause, takes_as_long_as_it_is_told) {
  const Clock::time_point begun = Clock::now();
  pause(20ms);
  EXPECT_GE(Clock::now() - begun, 20ms);
  pause(0ms);
  pause(-1ms);
}

TEST(pause, ends_at_an_interrupt) {
  const Interrupt interrupt;
  ::kill(::getpid(), SIGINT);
  const Clock::time_point begun = Clock::now();
  pause(600s);
  EXPECT_LT(Clock::now() - begun, 30s);
}

}  // namespace
}  // namespace wasmup::os
