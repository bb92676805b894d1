// SPDX-License-Identifier: MIT
#include "trace_view.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace wasmup::commands {
namespace {

class trace_view : public testing::Test {
 protected:
  bool add(const char* message, int64_t microseconds, int64_t thread = 1) {
    return view_.add({.level = "trace",
                      .logger = "wasm",
                      .message = message,
                      .time = std::chrono::microseconds(microseconds),
                      .thread = thread});
  }

  std::ostringstream out_;
  terminal::Terminal terminal_{out_, out_, {}};
  TraceView view_{terminal_};
};

TEST_F(trace_view, shows_each_entry_with_its_hostcalls_and_their_times) {
  add("[host->vm] proxy_on_response_headers(2, 5, 0)", 100);
  add("[vm->host] env.proxy_replace_header_map_value(2, 16, 13, 29, 3)", 110);
  add("[vm<-host] env.proxy_replace_header_map_value return: 0", 112);
  add("[host<-vm] proxy_on_response_headers return: 0", 120);
  EXPECT_EQ(
      out_.str(),
      "vm        -> proxy_on_response_headers(context 2, headers 5, end_of_stream false)\n"
      "            <- proxy_replace_header_map_value(response_headers, name of 13 bytes at 16, value of 3 "
      "bytes at 29)\n"
      "               = ok  2 µs\n"
      "vm           = continue  20 µs\n");
}

TEST_F(trace_view, keeps_threads_apart) {
  add("[host->vm] proxy_on_log(2)", 100, 1);
  add("[host->vm] proxy_on_tick(1)", 110, 2);
  add("[host<-vm] proxy_on_log return: void", 130, 1);
  EXPECT_EQ(out_.str(),
            "vm        -> proxy_on_log(context 2)\n"
            "vm        -> proxy_on_tick(context 1)\n"
            "vm           = 30 µs\n");
}

TEST_F(trace_view, begins_anew_after_a_trap) {
  add("[host->vm] proxy_on_log(2)", 100);
  EXPECT_FALSE(add("Function: proxy_on_log failed: Uncaught RuntimeError: unreachable", 110));
  add("[host->vm] proxy_on_tick(1)", 120);
  EXPECT_TRUE(out_.str().ends_with("vm        -> proxy_on_tick(context 1)\n")) << out_.str();
}

TEST_F(trace_view, leaves_other_lines_alone) {
  EXPECT_FALSE(add("Base Wasm created 1 now active", 1));
  EXPECT_FALSE(view_.add({.logger = "wasm", .message = "[host->vm] f()", .from_module = true}));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(trace_view, an_end_without_a_beginning_says_nothing) {
  EXPECT_TRUE(add("[host<-vm] proxy_on_log return: void", 1));
  EXPECT_EQ(out_.str(), "");
}

}  // namespace
}  // namespace wasmup::commands
