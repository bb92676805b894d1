// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wasmup::LogLevel;

namespace {

HostOptions with_auth(std::string configuration = "") {
  return {.plugin_configuration = std::move(configuration), .clusters = {"auth"}};
}

Headers asking(const std::string& paths, const std::string& cluster = "auth") {
  return get("/", {{"x-cluster", cluster}, {"x-paths", paths}}).headers;
}

TEST(HttpCalls, hold_the_request_until_the_answer_lets_it_go) {
  Host host(with_auth());
  Stream stream = host.open_stream();
  stream.request_headers(asking("/a"));
  EXPECT_TRUE(stream.request_is_held());
  ASSERT_THAT(host.http_calls(), SizeIs(1));
  const HttpCall call = host.http_calls()[0];
  EXPECT_EQ(call.cluster, "auth");
  EXPECT_THAT(call.headers, HasHeader(":method", "POST"));
  EXPECT_THAT(call.headers, HasHeader(":path", "/a"));
  EXPECT_THAT(call.headers, HasHeader(":authority", "auth"));
  EXPECT_THAT(call.headers, HasHeader("x-from", "filter"));
  EXPECT_THAT(call.headers, HasHeader("content-length", "8"));
  EXPECT_EQ(call.body, "question");
  EXPECT_THAT(call.trailers, HasHeader("x-end", "1"));
  EXPECT_EQ(call.timeout, std::chrono::milliseconds(300));

  Message answer = reply(200, "yes", {{"x-user", "ada"}});
  answer.trailers = {{"x-trailer", "end"}};
  host.answer(call, answer);
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-answer", "/a=200 yes ada end"));
  EXPECT_THAT(host.http_calls(), IsEmpty());
}

TEST(HttpCalls, may_answer_the_client_instead) {
  Host host(with_auth());
  Stream stream = host.open_stream();
  stream.request_headers(asking("/a"));
  host.answer(host.http_calls()[0], reply(403));
  EXPECT_EQ(stream.so_far().status(), 403);
  EXPECT_EQ(stream.so_far().upstream, std::nullopt);
}

TEST(HttpCalls, several_at_once_answer_in_any_order) {
  Host host(with_auth());
  Stream first = host.open_stream();
  Stream second = host.open_stream();
  first.request_headers(asking("/a /b"));
  second.request_headers(asking("/c"));
  const auto calls = host.http_calls();
  ASSERT_THAT(calls, SizeIs(3));
  host.answer(calls[1], reply(200, "B"));
  EXPECT_TRUE(first.request_is_held());
  host.answer(calls[2], reply(200, "C"));
  EXPECT_FALSE(second.request_is_held());
  host.answer(calls[0], reply(200, "A"));
  EXPECT_FALSE(first.request_is_held());
  EXPECT_THAT(first.so_far().upstream->headers.values("x-answer"), ElementsAre("/b=200 B", "/a=200 A"));
  EXPECT_THAT(second.so_far().upstream->headers.values("x-answer"), ElementsAre("/c=200 C"));
}

TEST(HttpCalls, time_out_as_a_504_made_by_envoy) {
  Host host(with_auth());
  Stream stream = host.open_stream();
  stream.request_headers(asking("/slow"));
  host.advance(std::chrono::milliseconds(299));
  EXPECT_TRUE(stream.request_is_held());
  host.advance(std::chrono::milliseconds(1));
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-answer", "/slow=504 upstream request timeout"));
}

TEST(HttpCalls, that_break_off_have_no_answer_at_all) {
  Host host(with_auth());
  Stream stream = host.open_stream();
  stream.request_headers(asking("/a"));
  host.fail(host.http_calls()[0]);
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-answer", "/a=0"));
  EXPECT_THAT(host.logs(), Contains(Logged(LogLevel::info, "no answer")));
}

TEST(HttpCalls, answered_after_the_stream_is_gone_reach_nobody) {
  Host host(with_auth());
  {
    Stream stream = host.open_stream();
    stream.request_headers(asking("/a"));
  }
  ASSERT_THAT(host.http_calls(), SizeIs(1)) << "the call belongs to the root";
  host.clear_records();
  host.answer(host.http_calls()[0], reply());
  EXPECT_THAT(host.hostcalls(), IsEmpty()) << "the module knows by itself that the stream is gone";
}

TEST(HttpCalls, of_many_dead_streams_do_not_pile_up) {
  Host host(with_auth());
  const auto come_and_go = [&host](int streams) {
    for (int i = 0; i != streams; ++i) host.open_stream().request_headers(asking("/a /b"));
  };
  come_and_go(100);
  const auto pages = host.memory_pages();
  come_and_go(700);
  if (pages) {
    EXPECT_LE(host.memory_pages(), *pages + 1);
  }

  Stream stream = host.open_stream();
  stream.request_headers(asking("/last"));
  const auto calls = host.http_calls();
  host.answer(calls.back(), reply(200, "here"));
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-answer", "/last=200 here"));
  for (size_t i = 0; i != 600; ++i) host.answer(calls[i], reply());
}

TEST(HttpCalls, to_an_unknown_cluster_are_not_sent) {
  Host host(with_auth());
  EXPECT_EQ(host.exchange({asking("/a", "other"), "", {}}).status(), 200);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "not sent: 2")));
}

TEST(HttpCalls, come_from_a_root_on_a_tick) {
  Host host(with_auth("tick"));
  host.advance(std::chrono::seconds(1));
  ASSERT_THAT(host.http_calls(), SizeIs(1));
  EXPECT_THAT(host.http_calls()[0].headers, HasHeader(":path", "/from-root"));
  host.answer(host.http_calls()[0], reply(200, "hello"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "root was told 200 hello")));
}

}  // namespace
