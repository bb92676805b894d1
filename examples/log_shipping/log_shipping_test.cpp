// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wasmup::LogLevel;

namespace {

constexpr std::chrono::seconds a_second{1};

class LogShipping : public ::testing::Test {
 protected:
  LogShipping() {
    // Read as it is rather than compressed.
    host_.set_foreign_function(
        "compress", [](std::string_view text) -> ForeignResult { return {.results = std::string(text)}; });
  }

  Host host_{HostOptions{.clusters = {"collector"}}};
};

}  // namespace

TEST_F(LogShipping, ships_a_line_for_each_request_once_a_second) {
  host_.exchange(get("/a"));
  host_.exchange(get("/b"), reply(404));
  EXPECT_THAT(host_.http_calls(), IsEmpty());
  host_.advance(a_second);
  ASSERT_THAT(host_.http_calls(), SizeIs(1));
  const HttpCall call = host_.http_calls()[0];
  EXPECT_EQ(call.body, "GET /a 200\nGET /b 404\n");
  EXPECT_THAT(call.headers, HasHeader(":path", "/lines"));
  EXPECT_THAT(call.headers, HasHeader("content-encoding", "deflate"));
  host_.answer(call, reply(200));
  EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::info, "shipped 22 bytes")));
  host_.advance(a_second);
  EXPECT_THAT(host_.http_calls(), IsEmpty());
}

TEST_F(LogShipping, keeps_what_comes_while_it_ships) {
  host_.exchange(get("/a"));
  host_.advance(a_second);
  host_.exchange(get("/b"));
  host_.advance(a_second);
  ASSERT_THAT(host_.http_calls(), SizeIs(1));
  host_.answer(host_.http_calls()[0], reply(200));
  host_.advance(a_second);
  ASSERT_THAT(host_.http_calls(), SizeIs(1));
  EXPECT_EQ(host_.http_calls()[0].body, "GET /b 200\n");
}

TEST_F(LogShipping, tries_again_what_was_not_taken) {
  host_.exchange(get("/a"));
  host_.advance(a_second);
  host_.answer(host_.http_calls()[0], reply(503));
  EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::warn, "not shipped, to be tried again")));
  host_.advance(a_second);
  EXPECT_EQ(host_.http_calls()[0].body, "GET /a 200\n");
}

TEST_F(LogShipping, ships_lines_of_other_workers_too) {
  host_.enqueue("lines", "of another");
  host_.advance(a_second);
  EXPECT_EQ(host_.http_calls()[0].body, "of another\n");
}

TEST_F(LogShipping, loses_lines_rather_than_grow_without_end) {
  const std::string line(10'000, 'x');
  for (int i = 0; i != 10; ++i) host_.enqueue("lines", line);
  host_.advance(a_second);
  EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::warn, "too much to ship: 4 lines are lost")));
  EXPECT_EQ(host_.http_calls()[0].body.size(), 6 * (line.size() + 1));
}

TEST(LogShippingWithoutACollector, says_so_and_goes_on) {
  Host host;
  EXPECT_EQ(host.exchange(get("/a")).status(), 200);
  host.advance(a_second);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "cannot ship: the collector is not there")));
}
