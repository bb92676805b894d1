// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace wasmup::os {
namespace {

bool is_readable(int descriptor) {
  pollfd entry{descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

class interrupting : public testing::TestWithParam<int> {};

TEST_P(interrupting, a_signal_is_remembered_and_wakes_a_poll) {
  const Interrupt interrupt;
  EXPECT_FALSE(Interrupt::requested());
  EXPECT_FALSE(is_readable(Interrupt::wake_descriptor()));
  ::raise(GetParam());
  EXPECT_TRUE(Interrupt::requested());
  EXPECT_TRUE(is_readable(Interrupt::wake_descriptor()));
}

INSTANTIATE_TEST_SUITE_P(signals, interrupting, testing::Values(SIGINT, SIGTERM, SIGHUP, SIGPIPE));

TEST(interrupt, nothing_is_caught_or_remembered_once_it_is_gone) {
  struct sigaction before{};
  struct sigaction after{};
  ::sigaction(SIGTERM, nullptr, &before);
  {
    const Interrupt interrupt;
    ::raise(SIGTERM);
  }
  ::sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  EXPECT_FALSE(Interrupt::requested());
  EXPECT_EQ(Interrupt::wake_descriptor(), -1);
}

using interrupt_death_test = testing::Test;

TEST_F(interrupt_death_test, a_second_signal_ends_us_at_once_even_where_nobody_looks) {
  for (const int second : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EXIT(
        {
          const Interrupt interrupt;
          ::raise(SIGINT);
          for (;;) ::raise(second);  // whatever it does: it looks at nothing
        },
        testing::ExitedWithCode(130), "interrupted twice");
  }
}

TEST(interrupt, the_same_ctrl_c_may_come_twice) {
  const Interrupt interrupt;
  ::raise(SIGINT);
  ::raise(SIGINT);
  EXPECT_TRUE(Interrupt::requested());
}

TEST(interrupt, a_reader_who_has_gone_ends_nothing_at_once) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        ::raise(SIGINT);
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(150);
        while (std::chrono::steady_clock::now() < end) ::raise(SIGPIPE);
        ::_exit(7);
      },
      testing::ExitedWithCode(7), "");
}

TEST(interrupt, a_signal_we_were_started_to_ignore_stays_ignored) {
  ::signal(SIGHUP, SIG_IGN);
  {
    const Interrupt interrupt;
    ::raise(SIGHUP);
    EXPECT_FALSE(Interrupt::requested());
  }
  ::signal(SIGHUP, SIG_DFL);
}

}  // namespace
}  // namespace wasmup::os
