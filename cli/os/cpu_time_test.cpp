// SPDX-License-Identifier: MIT
#include "cpu_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

namespace wasmup::os {
namespace {

using namespace std::chrono_literals;

TEST(cpu_time, grows_with_what_a_process_does_in_any_thread) {
  const auto before = cpu_time(::getpid());
  ASSERT_TRUE(before) << before.error().seen;
  std::thread([&] {
    while (cpu_time(::getpid()).value() < *before + 20ms) {
    }
  }).join();
  EXPECT_GE(cpu_time(::getpid()).value(), *before + 20ms);
}

TEST(cpu_time, of_no_process_is_an_error) {
  constexpr int beyond_all = (1 << 22) + 1;  // the kernel's numbers end before
  const auto time = cpu_time(beyond_all);
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, ExitCode::environment);
  EXPECT_THAT(time.error().what, testing::HasSubstr("4194305"));
}

}  // namespace
}  // namespace wasmup::os
