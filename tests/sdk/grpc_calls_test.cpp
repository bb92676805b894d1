// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wasmup::LogLevel;

namespace {

HostOptions with_grpc(std::string configuration = "") {
  return {.plugin_configuration = std::move(configuration), .clusters = {"grpc"}};
}

Headers calling(const std::string& messages, const std::string& cluster = "grpc") {
  return get("/", {{"x-cluster", cluster}, {"x-call", messages}}).headers;
}

Headers sending(const std::string& messages, const std::string& cluster = "grpc") {
  return get("/", {{"x-cluster", cluster}, {"x-send", messages}}).headers;
}

std::vector<std::string> came(const Stream& stream) {
  const auto upstream = stream.so_far().upstream;
  return upstream ? upstream->headers.values("x-came") : std::vector<std::string>{"the request is held"};
}

// ---- calls

TEST(GrpcCalls, hold_the_request_until_the_reply_lets_it_go) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("hello"));
  EXPECT_TRUE(stream.request_is_held());
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  const GrpcCall call = host.grpc_calls()[0];
  EXPECT_FALSE(call.is_stream);
  EXPECT_EQ(call.cluster, "grpc");
  EXPECT_EQ(call.service, "test.Service");
  EXPECT_EQ(call.method, "Call");
  EXPECT_THAT(call.metadata, HasHeader("x-from", "filter"));
  EXPECT_THAT(call.messages, ElementsAre("hello"));
  EXPECT_EQ(call.timeout, std::chrono::milliseconds(300));

  host.send_message(call, "hello to you");
  EXPECT_THAT(came(stream), ElementsAre("hello: hello to you"));
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
}

TEST(GrpcCalls, fail_with_status_and_reason) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("a"));
  host.close(host.grpc_calls()[0], 7, "denied");
  EXPECT_THAT(came(stream), ElementsAre("a: 7 denied"));
}

TEST(GrpcCalls, that_end_well_without_an_answer_are_internal_errors) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("a"));
  host.close(host.grpc_calls()[0], 0);
  EXPECT_THAT(came(stream), ElementsAre("a: 13"));
}

TEST(GrpcCalls, may_have_an_empty_answer) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("a"));
  host.send_message(host.grpc_calls()[0], "");
  EXPECT_THAT(came(stream), ElementsAre("a:"));
}

TEST(GrpcCalls, that_take_too_long_are_unavailable) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("slow"));
  host.advance(std::chrono::milliseconds(299));
  EXPECT_TRUE(stream.request_is_held());
  host.advance(std::chrono::milliseconds(1));
  EXPECT_THAT(came(stream), ElementsAre("slow: 14 upstream request timeout{response_timeout}"));
}

TEST(GrpcCalls, whose_answer_begins_and_takes_too_long_are_internal_errors) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(calling("slow"));
  host.send_initial_metadata(host.grpc_calls()[0], {{"x-initial", "first"}});
  host.advance(std::chrono::milliseconds(300));
  EXPECT_THAT(came(stream), ElementsAre("slow: 13 response_timeout"));
}

TEST(GrpcCalls, several_at_once_are_replied_to_in_any_order) {
  Host host(with_grpc());
  Stream first = host.open_stream();
  Stream second = host.open_stream();
  first.request_headers(calling("a,b"));
  second.request_headers(calling("c"));
  const auto calls = host.grpc_calls();
  ASSERT_THAT(calls, SizeIs(3));
  host.send_message(calls[1], "B");
  EXPECT_TRUE(first.request_is_held());
  host.close(calls[2], 5, "C");
  EXPECT_FALSE(second.request_is_held());
  host.send_message(calls[0], "A");
  EXPECT_THAT(came(first), ElementsAre("b: B", "a: A"));
  EXPECT_THAT(came(second), ElementsAre("c: 5 C"));
}

TEST(GrpcCalls, replied_to_after_the_stream_is_gone_reach_nobody) {
  Host host(with_grpc());
  host.open_stream().request_headers(calling("a"));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1)) << "the call belongs to the root";
  host.clear_records();
  host.send_message(host.grpc_calls()[0], "A");
  EXPECT_THAT(host.hostcalls(), IsEmpty()) << "the module knows by itself that the stream is gone";
}

TEST(GrpcCalls, to_an_unknown_cluster_are_not_made) {
  Host host(with_grpc());
  EXPECT_EQ(host.exchange({calling("a", "other"), "", {}}).status(), 200);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "not made: 10")));
}

TEST(GrpcCalls, name_clusters_of_any_length) {
  const std::string name(200, 'c');
  Host host(HostOptions{.clusters = {name}});
  Stream stream = host.open_stream();
  stream.request_headers(calling("a", name));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  EXPECT_EQ(host.grpc_calls()[0].cluster, name);
}

TEST(GrpcCalls, come_from_a_root_and_may_take_for_ever) {
  Host host(with_grpc("tick"));
  host.advance(std::chrono::seconds(1));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  EXPECT_GT(host.grpc_calls()[0].timeout, std::chrono::hours(500)) << "0 would be over at once";
  host.send_message(host.grpc_calls()[0], "hello");
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "root was told hello 0")));
}

// ---- streams

TEST(GrpcStreams, send_and_receive_messages) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(sending("one,two"));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  const GrpcCall call = host.grpc_calls()[0];
  EXPECT_TRUE(call.is_stream);
  EXPECT_EQ(call.cluster, "grpc");
  EXPECT_EQ(call.service, "test.Service");
  EXPECT_EQ(call.method, "Stream");
  EXPECT_THAT(call.metadata, HasHeader("x-from", "filter"));
  EXPECT_THAT(call.messages, ElementsAre("one", "two"));
  EXPECT_FALSE(call.is_half_closed);

  host.send_initial_metadata(call, {{"x-initial", "first"}});
  host.send_message(call, "more");
  EXPECT_THAT(host.grpc_calls()[0].messages, ElementsAre("one", "two", "say more was sent"));
  host.send_message(call, "");
  EXPECT_TRUE(stream.request_is_held());
  host.send_trailing_metadata(call, {{"x-trailing", "last"}});
  host.close(call, 5, "gone");
  EXPECT_THAT(came(stream), ElementsAre("initial first", "more", "", "trailing last", "closed 5 gone 1"));
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
  EXPECT_EQ(host.half_open_grpc_streams(), 0);
}

TEST(GrpcStreams, have_metadata_of_both_kinds_even_when_none_was_sent) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(sending("one"));
  host.close(host.grpc_calls()[0], 14, "unreachable");
  EXPECT_THAT(came(stream), ElementsAre("initial", "trailing", "closed 14 unreachable 1"));
}

TEST(GrpcStreams, half_close_with_the_last_message_or_without) {
  Host host(with_grpc());
  for (const char* const messages : {"one,.,late", "one,!"}) {
    Stream stream = host.open_stream();
    stream.request_headers(sending(messages));
    const GrpcCall call = host.grpc_calls()[0];
    EXPECT_THAT(call.messages, ElementsAre("one"));
    EXPECT_TRUE(call.is_half_closed);
    host.send_message(call, "answer");
    host.close(call, 0);
    EXPECT_THAT(came(stream), ElementsAre("initial", "answer", "trailing", "closed 0  1"));
    EXPECT_EQ(host.half_open_grpc_streams(), 0);
  }
}

TEST(GrpcStreams, half_close_in_a_handler) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(sending("one"));
  const GrpcCall call = host.grpc_calls()[0];
  host.send_message(call, "enough");
  EXPECT_TRUE(host.grpc_calls()[0].is_half_closed);
  host.send_message(call, "still here");
  EXPECT_TRUE(stream.request_is_held());
  host.close(call, 0);
  EXPECT_THAT(came(stream), ElementsAre("initial", "enough", "still here", "trailing", "closed 0  1"));
}

TEST(GrpcStreams, are_cancelled_in_a_handler) {
  Host host(with_grpc());
  Stream stream = host.open_stream();
  stream.request_headers(sending("one"));
  host.send_message(host.grpc_calls()[0], "cancel");
  EXPECT_THAT(came(stream), ElementsAre("initial", "cancel"));
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
  EXPECT_THAT(host.logs(), IsEmpty());
}

TEST(GrpcStreams, are_cancelled_when_the_filter_that_has_them_is_gone) {
  Host host(with_grpc());
  {
    Stream stream = host.open_stream();
    stream.request_headers(sending("one"));
    ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  }
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
}

TEST(GrpcStreams, kept_by_another_are_cancelled_when_an_event_finds_nobody) {
  Host host(with_grpc());
  host.open_stream().request_headers(sending("one,keep"));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  host.exchange(get("/", {{"x-kept", "say anybody?"}}));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  EXPECT_THAT(host.grpc_calls()[0].messages, ElementsAre("one", "say anybody?"));
  host.send_message(host.grpc_calls()[0], "anybody?");
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
}

TEST(GrpcStreams, closed_when_nobody_is_there_any_more_leave_nothing_behind) {
  Host host(with_grpc());
  host.open_stream().request_headers(sending("one,keep"));
  host.close(host.grpc_calls()[0], 0);
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
  EXPECT_EQ(host.half_open_grpc_streams(), 0);
}

TEST(GrpcStreams, to_an_unknown_cluster_are_not_opened) {
  Host host(with_grpc());
  EXPECT_EQ(host.exchange({sending("one", "other"), "", {}}).status(), 200);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "not opened: 10")));
}

TEST(GrpcStreams, go_on_beside_calls_and_each_other) {
  Host host(with_grpc());
  Stream first = host.open_stream();
  Stream second = host.open_stream();
  Headers both = sending("one");
  both.add("x-call", "a");
  first.request_headers(both);
  second.request_headers(sending("two"));
  const auto calls = host.grpc_calls();  // the call comes first
  ASSERT_THAT(calls, SizeIs(3));
  host.send_message(calls[2], "for the second");
  host.send_message(calls[0], "A");
  host.send_message(calls[1], "for the first");
  host.close(calls[2], 0);
  EXPECT_TRUE(first.request_is_held());
  host.close(calls[1], 0);
  EXPECT_THAT(came(first), ElementsAre("a: A", "initial", "for the first", "trailing", "closed 0  1"));
  EXPECT_THAT(came(second), ElementsAre("initial", "for the second", "trailing", "closed 0  1"));
}

TEST(GrpcStreams, of_an_old_root_end_with_it) {
  Host host(with_grpc());
  host.open_stream().request_headers(sending("one,keep"));
  ASSERT_THAT(host.grpc_calls(), SizeIs(1));
  ASSERT_TRUE(host.reconfigure("other"));
  EXPECT_THAT(host.grpc_calls(), IsEmpty());
}

}  // namespace
