// SPDX-License-Identifier: MIT
// tests/sdk/grpc_calls.cpp in a real Envoy. What comes of calls and streams it adds to the request as x-came,
// which the upstream gives back.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class GrpcTest : public SdkTest {
 protected:
  /// With "grpc", a service in HTTP/2 that obeys the messages it gets, and "dead", where nobody listens.
  void serve_with_clusters(const std::string& configuration = "") {
    auto front = envoy::Server::start(*processes_, options({.upstream = start_upstream("grpc_server.py")}));
    ASSERT_TRUE(front) << front.error().seen;
    front_ = *std::move(front);
    const envoy::Upstream service{.port = front_->control_port(), .http2 = true};
    start({.filters = {filter("grpc_calls", configuration)},
           .clusters = {{"grpc", service}, {"dead", {.port = 1, .http2 = true}}}},
          "info");
  }

  std::vector<std::string> came(const std::string& header, const std::string& messages,
                                const std::string& cluster = "grpc") {
    const std::string body =
        filtered({.url = "/", .headers = {{"x-cluster", cluster}, {header, messages}}}).body;
    const std::string name = "x-came: ";
    std::vector<std::string> values;
    for (size_t at = body.find(name); at != std::string::npos; at = body.find(name, at)) {
      at += name.size();
      values.push_back(body.substr(at, body.find('\n', at) - at));
    }
    return values;
  }
  std::vector<std::string> came_of_calls(const std::string& messages, const std::string& cluster = "grpc") {
    return came("x-call", messages, cluster);
  }
  std::vector<std::string> came_of_stream(const std::string& messages, const std::string& cluster = "grpc") {
    return came("x-send", messages, cluster);
  }

  /// A client that has no time, and a service that has.
  void ask_and_give_up(const std::string& header, const std::string& messages) {
    const auto response = http::send({.url = "http://127.0.0.1:" + std::to_string(server_->port()),
                                      .headers = {{header, messages}},
                                      .limit = std::chrono::milliseconds(100)});
    ASSERT_FALSE(response) << "the client gives up first";
  }

  std::unique_ptr<envoy::Server> front_;
};

using GrpcCalls = GrpcTest;
using GrpcStreams = GrpcTest;

TEST_F(GrpcCalls, hold_the_request_until_the_reply_lets_it_go) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("say hello"), ElementsAre("say hello: hello"));
}

TEST_F(GrpcCalls, carry_metadata_and_the_time_they_have) {
  serve_with_clusters();
  came_of_calls("metadata");
  EXPECT_THAT(module_log(1), ElementsAre(AllOf(HasSubstr("x-from: filter"), HasSubstr("grpc-timeout: 300m"),
                                               HasSubstr("content-type: application/grpc"))));
}

TEST_F(GrpcCalls, fail_with_status_and_reason) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("end 7 denied"), ElementsAre("end 7 denied: 7 denied{via_upstream}"));
}

TEST_F(GrpcCalls, that_end_well_without_an_answer_are_internal_errors) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("end 0"), ElementsAre("end 0: 13"));
}

TEST_F(GrpcCalls, may_have_an_empty_answer) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("say"), ElementsAre("say:"));
}

TEST_F(GrpcCalls, that_take_too_long_are_unavailable) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("wait"), ElementsAre("wait: 14 upstream request timeout{response_timeout}"));
}

TEST_F(GrpcCalls, whose_answer_begins_and_takes_too_long_are_internal_errors) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("begin"), ElementsAre("begin: 13 response_timeout"));
}

TEST_F(GrpcCalls, that_break_off_or_reach_nobody_are_unavailable) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("cut"), ElementsAre(StartsWith("cut: 14 upstream connect error")));
  EXPECT_THAT(came_of_calls("say a", "dead"), ElementsAre(StartsWith("say a: 14 upstream connect error")));
}

TEST_F(GrpcCalls, several_at_once_are_all_waited_for) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("say a,end 5 b,say c"),
              testing::UnorderedElementsAre("say a: a", "end 5 b: 5 b{via_upstream}", "say c: c"));
}

TEST_F(GrpcCalls, replied_to_after_the_stream_is_gone_reach_nobody) {
  serve_with_clusters();
  ask_and_give_up("x-call", "wait");
  pump_until([this] { return stat("cluster.grpc.upstream_rq_timeout") == 1; });
  EXPECT_THAT(came_of_calls("say a"), ElementsAre("say a: a")) << "the VM is none the worse";
  EXPECT_THAT(module_log(), IsEmpty());
}

TEST_F(GrpcCalls, to_an_unknown_cluster_are_not_made) {
  serve_with_clusters();
  EXPECT_THAT(came_of_calls("say a", "other"), IsEmpty());
  EXPECT_THAT(module_log(1), ElementsAre("warning: not made: 10"));
}

TEST_F(GrpcCalls, come_from_a_root_and_may_take_for_ever) {
  serve_with_clusters("tick");
  EXPECT_THAT(module_log(1),
              Contains(AllOf(StartsWith("info: root was told"), HasSubstr("grpc-timeout: 2147483S"))));
}

TEST_F(GrpcStreams, send_and_receive_messages) {
  serve_with_clusters();
  EXPECT_THAT(came_of_stream("say one,say more,end 5 gone"),
              ElementsAre("initial first", "one", "more", "trailing last", "closed 5 gone{via_upstream} 1"));
}

TEST_F(GrpcStreams, half_close_with_the_last_message_or_without) {
  serve_with_clusters();
  for (const char* const messages : {"say one,.", "say one,!"}) {
    EXPECT_THAT(came_of_stream(messages),
                ElementsAre("initial first", "one", "trailing last", "closed 0 via_upstream 1"));
  }
}

TEST_F(GrpcStreams, send_and_half_close_in_a_handler) {
  serve_with_clusters();
  EXPECT_THAT(came_of_stream("say more,say enough"),
              ElementsAre("initial first", "more", "enough", "more was sent", "trailing last",
                          "closed 0 via_upstream 1"));
}

TEST_F(GrpcStreams, have_metadata_of_both_kinds_even_when_none_was_sent) {
  serve_with_clusters();
  EXPECT_THAT(came_of_stream("say one", "dead"),
              ElementsAre("initial", "trailing", StartsWith("closed 14 upstream connect error")));
  EXPECT_THAT(came_of_stream("cut"), ElementsAre("initial", "trailing", StartsWith("closed 14 ")));
}

TEST_F(GrpcStreams, are_cancelled_in_a_handler) {
  serve_with_clusters();
  // All of the messages come in one piece; after the first, none reaches the module.
  EXPECT_THAT(came_of_stream("repeat 50 cancel"), ElementsAre("initial first", "cancel"));
  pump_until([this] { return stat("cluster.grpc.upstream_rq_active") == 0; });
  EXPECT_THAT(came_of_stream("say one,."), Contains("one")) << "the VM is none the worse";
  EXPECT_THAT(module_log(), IsEmpty());
}

TEST_F(GrpcStreams, are_cancelled_when_the_filter_that_has_them_is_gone) {
  serve_with_clusters();
  ask_and_give_up("x-send", "wait");
  pump_until([this] { return stat("cluster.grpc.upstream_rq_total") == 1; });
  pump_until([this] { return stat("cluster.grpc.upstream_rq_active") == 0; });
}

TEST_F(GrpcStreams, kept_by_another_are_cancelled_when_an_event_finds_nobody) {
  serve_with_clusters();
  ask_and_give_up("x-send", "say one,keep");
  pump_until([this] { return stat("cluster.grpc.upstream_rq_total") == 1; });
  EXPECT_THAT(came_of_calls("say a"), ElementsAre("say a: a"));
  EXPECT_EQ(stat("cluster.grpc.upstream_rq_active"), 1) << "the root has it still";
  filtered({.url = "/", .headers = {{"x-kept", "say anybody?"}}});
  pump_until([this] { return stat("cluster.grpc.upstream_rq_active") == 0; });
}

TEST_F(GrpcStreams, to_an_unknown_cluster_are_not_opened) {
  serve_with_clusters();
  EXPECT_THAT(came_of_stream("say one", "other"), IsEmpty());
  EXPECT_THAT(module_log(1), ElementsAre("warning: not opened: 10"));
}

}  // namespace
}  // namespace wasmup
