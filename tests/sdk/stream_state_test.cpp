// SPDX-License-Identifier: MIT
#include <chrono>
#include <deque>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(StreamState, each_stream_has_its_own) {
  Host host;
  Stream first = host.open_stream();
  Stream second = host.open_stream();
  first.request_headers(get("/first").headers);
  second.request_headers(get("/second").headers);
  second.response_headers(reply().headers);
  first.response_headers(reply().headers);
  EXPECT_THAT(first.so_far().client, HasHeader("x-path", "/first"));
  EXPECT_THAT(second.so_far().client, HasHeader("x-path", "/second"));
}

TEST(StreamState, request_headers_are_gone_in_the_response_callback) {
  Host host;
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-request", "gone"));
}

TEST(StreamState, the_configuration_is_there_from_construction_on) {
  Host host("one");
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.client, HasHeader("x-configuration", "one"));
  EXPECT_THAT(exchange.client, HasHeader("x-at-start", "one"));
}

TEST(StreamState, globals_are_made_before_any_callback) {
  Host host;
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-global", std::string(40, 'g')));
}

TEST(StreamState, two_configurations_live_in_one_vm_while_streams_of_the_old_one_end) {
  Host host("old");
  Stream stream = host.open_stream();
  stream.request_headers(get("/").headers);
  ASSERT_TRUE(host.reconfigure("new"));
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-configuration", "new"));
  stream.response_headers(reply().headers);
  EXPECT_THAT(stream.so_far().client, HasHeader("x-configuration", "old"));
}

TEST(StreamState, a_refused_configuration_leaves_the_old_one_serving) {
  Host host("old");
  EXPECT_FALSE(host.reconfigure("refuse"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, "refused: refuse")));
  EXPECT_TRUE(host.is_running());
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-configuration", "old"));
}

TEST(StreamState, a_refused_first_configuration_means_that_nothing_runs) {
  {
    Host closed("refuse");
    EXPECT_FALSE(closed.is_running());
    EXPECT_THAT(closed.failure(), HasSubstr("on_configure returned false"));
    EXPECT_EQ(closed.exchange(get("/")).status(), 503);
    EXPECT_EQ(closed.exchange(get("/")).upstream, std::nullopt);
  }
  Host open(HostOptions{.plugin_configuration = "refuse", .fail_open = true});
  EXPECT_EQ(open.exchange(get("/")).status(), 200);
  EXPECT_THAT(open.exchange(get("/")).client, LacksHeader("x-path"));
}

TEST(StreamState, the_vm_configuration_can_refuse_too) {
  Host host(HostOptions{.vm_configuration = "refuse"});
  EXPECT_THAT(host.failure(), HasSubstr("on_vm_start returned false"));
}

TEST(StreamState, ticks_come_as_often_as_the_clock_says) {
  Host host("clock");
  host.advance(99ms);
  EXPECT_TRUE(host.logs().empty());
  host.advance(1ms);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::info, "tick of clock")));
  host.advance(1000ms);
  EXPECT_EQ(host.logs().size(), 11U);
}

TEST(StreamState, thousands_of_streams_at_once_and_their_end_need_no_more_memory_the_second_time) {
  Host host("c");
  const auto wave = [&host] {
    std::deque<Stream> streams;
    for (int i = 0; i != 2000; ++i) {
      streams.push_back(host.open_stream());
      streams.back().request_headers(get("/" + std::to_string(i)).headers);
    }
    // In an order that leaves holes, so that every place in the module's table is moved about.
    for (size_t i = 0; i < streams.size(); i += 3) streams[i].close();
    for (size_t i = 1; i < streams.size(); i += 3) {
      streams[i].response_headers(reply().headers);
      ASSERT_THAT(streams[i].so_far().client, HasHeader("x-path", "/" + std::to_string(i)));
    }
  };
  wave();
  const auto before = host.memory_pages();
  wave();
  EXPECT_EQ(host.memory_pages(), before);
}
