// SPDX-License-Identifier: MIT
#include "traffic_view.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace wasmup::commands {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

using Headers = envoy::Exchange::Headers;

envoy::Exchange exchange(int status = 200) {
  return {.method = "GET",
          .path = "/x",
          .status = status,
          .details = "via_upstream",
          .flags = "-",
          .time = 410us};
}

class traffic_view : public testing::Test {
 protected:
  std::ostringstream out_;
  std::string sum() const { return fmt::format("{}", fmt::join(view_.sum(), "\n")); }

  terminal::Terminal terminal_{out_, out_, {}};
  TrafficView::Clock::time_point now_{1h};
  TrafficView view_{terminal_, [this] { return now_; }};
};

TEST_F(traffic_view, shows_a_request_with_what_the_filters_changed) {
  envoy::Exchange seen = exchange();
  seen.request_before = Headers{{":path", "/x"}, {"cookie", "a"}};
  seen.request_after = Headers{{":path", "/y"}};
  seen.response_before = Headers{{":status", "200"}};
  seen.response_after = Headers{{":status", "200"}, {"x-wasm-custom", "FOO"}};
  view_.add(seen);
  EXPECT_EQ(out_.str(),
            "request   GET /x  200  0.41 ms\n"
            "          request  ~ :path: /y  (was :path: /x)\n"
            "          request  - cookie: ***\n"
            "          response + x-wasm-custom: FOO\n");
}

TEST_F(traffic_view, says_why_an_answer_is_none_of_the_upstreams) {
  envoy::Exchange seen = exchange(503);
  seen.details = "wasm_fail_stream";
  seen.flags = "UF";
  seen.time = 12ms;
  view_.add(seen);
  view_.add(exchange(0));
  EXPECT_EQ(out_.str(),
            "request   GET /x  503  12 ms  wasm_fail_stream  UF\n"
            "request   GET /x  no answer  0.41 ms\n");
}

TEST_F(traffic_view, shows_a_connection) {
  view_.add({.is_connection = true, .flags = "-", .time = 7ms, .received = 10, .sent = 20});
  EXPECT_EQ(out_.str(), "tcp       10 bytes in, 20 out  7.00 ms\n");
  EXPECT_THAT(sum(), HasSubstr("1 TCP connection"));
}

TEST_F(traffic_view, shows_some_of_many_and_counts_the_rest) {
  for (int i = 0; i < 25; ++i) view_.add(exchange());
  EXPECT_EQ(std::ranges::count(out_.str(), '\n'), 20);
  view_.look();
  EXPECT_THAT(out_.str(), Not(HasSubstr("more")));
  now_ += 1s;
  view_.look();
  EXPECT_THAT(out_.str(), HasSubstr("          and 5 more in that second\n"));
  view_.add(exchange());
  EXPECT_EQ(std::ranges::count(out_.str(), '\n'), 22) << "the next second has its own";
  EXPECT_THAT(sum(), HasSubstr("26 requests: 26 × 200"));
}

TEST_F(traffic_view, sums_up_by_status_with_traps) {
  view_.add(exchange());
  view_.add(exchange());
  view_.add(exchange(503));
  view_.add_trap();
  EXPECT_EQ(sum(), "3 requests: 2 × 200, 1 × 503; 1 trap");
}

TEST_F(traffic_view, sums_up_that_nothing_came) { EXPECT_EQ(sum(), "0 requests; 0 traps"); }

TEST_F(traffic_view, wants_stats_when_something_came_once_a_second) {
  EXPECT_FALSE(view_.wants_stats());
  view_.add(exchange());
  EXPECT_TRUE(view_.wants_stats());
  view_.take_stats({});
  EXPECT_FALSE(view_.wants_stats());
  view_.add(exchange());
  EXPECT_FALSE(view_.wants_stats());
  now_ += 1s;
  EXPECT_TRUE(view_.wants_stats());
}

TEST_F(traffic_view, says_when_a_vm_came_or_went_and_what_the_module_counts) {
  TrafficView::Stats stats{{"wasm.envoy.wasm.runtime.v8.active", 4},
                           {"wasm.envoy.wasm.runtime.v8.created", 4},
                           {"wasm.remote_load_fetch_failures", 0},
                           {"wasmcustom.seen", 1},
                           {"server.live", 1}};
  view_.take_stats(stats);
  EXPECT_EQ(out_.str(), "");
  stats["wasm.envoy.wasm.runtime.v8.created"] = 5;
  stats["wasm.remote_load_fetch_failures"] = 2;
  view_.take_stats(stats);
  EXPECT_EQ(out_.str(), "vms       4 active, 5 created (before: 4 active, 4 created)\n");
  EXPECT_EQ(sum(),
            "0 requests; 0 traps\nVMs: 4 active, 5 created\nwasm.remote_load_fetch_failures 2\n"
            "wasmcustom.seen 1");
}

}  // namespace
}  // namespace wasmup::commands
