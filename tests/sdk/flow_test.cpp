// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wasmup::LogLevel;

namespace {

constexpr std::chrono::milliseconds a_tick{50};

Headers hold(const std::string& how) { return post("/", "body", {{"x-hold", how}}).headers; }

TEST(Flow, holds_all_of_a_request_until_it_is_let_go) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(hold("all"), false).request_body("one", false).request_body("two");
  EXPECT_TRUE(stream.request_is_held());
  EXPECT_EQ(stream.so_far().upstream, std::nullopt);
  EXPECT_THAT(host.logs(), IsEmpty()) << "no body callback while all is held";
  host.advance(a_tick);
  EXPECT_FALSE(stream.request_is_held());
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-released", "1"));
  EXPECT_THAT(stream.so_far().upstream, LacksHeader("x-late"));
  EXPECT_EQ(stream.so_far().upstream->body, "onetwo");
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "gone on"),
                                       Logged(LogLevel::info, "request body of 6, the end")));
}

TEST(Flow, holds_headers_but_sees_the_body_where_envoy_is_told_to) {
  Host host(HostOptions{.allow_on_headers_stop_iteration = true});
  Stream stream = host.open_stream();
  stream.request_headers(hold("headers"), false).request_body("one", false).request_body("two");
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "request body of 3"),
                                       Logged(LogLevel::info, "request body of 6, the end")));
  EXPECT_EQ(stream.so_far().upstream, std::nullopt);
  host.advance(a_tick);
  EXPECT_THAT(stream.so_far().upstream, HasHeader("x-released", "1"));
  EXPECT_EQ(stream.so_far().upstream->body, "onetwo");
}

TEST(Flow, holds_all_instead_of_headers_where_envoy_is_not_told_to) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(hold("headers"), false).request_body("one");
  EXPECT_THAT(host.logs(), IsEmpty());
  EXPECT_TRUE(stream.request_is_held());
}

TEST(Flow, holds_a_body_and_trailers) {
  Host host;
  Stream body = host.open_stream();
  body.request_headers(hold("body"), false).request_body("one", false).request_body("two");
  EXPECT_EQ(body.so_far().upstream->body, "one");
  Stream trailers = host.open_stream();
  trailers.request_headers(hold("trailers"), false).request_body("one", false);
  trailers.request_trailers({{"x-sent", "1"}});
  EXPECT_THAT(trailers.so_far().upstream->trailers, IsEmpty());
  host.advance(a_tick);
  EXPECT_EQ(body.so_far().upstream->body, "onetwo");
  EXPECT_THAT(trailers.so_far().upstream->trailers, HasHeader("x-seen", "1"));
}

TEST(Flow, holds_a_response) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(hold("response"));
  stream.response_headers(reply().headers, false).response_body("answer");
  EXPECT_TRUE(stream.response_is_held());
  host.advance(a_tick);
  EXPECT_THAT(stream.so_far().client, HasHeader("x-released", "1"));
  EXPECT_EQ(stream.so_far().client->body, "answer");
}

TEST(Flow, answers_from_a_later_callback) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(hold("answer late"));
  host.advance(a_tick);
  EXPECT_EQ(stream.so_far().status(), 202);
  EXPECT_EQ(stream.so_far().upstream, std::nullopt);
}

TEST(Flow, resets_a_stream_in_either_direction) {
  Host host;
  const Exchange request = host.exchange(get("/", {{"x-hold", "reset"}}));
  EXPECT_TRUE(request.was_reset);
  EXPECT_EQ(request.client, std::nullopt);
  const Exchange response = host.exchange(get("/", {{"x-hold", "response reset"}}));
  EXPECT_TRUE(response.was_reset);
  EXPECT_EQ(response.client, std::nullopt);
}

TEST(Flow, adds_trailers_where_none_came) {
  Host host;
  const Exchange exchange = host.exchange(post("/", "body", {{"x-hold", "trailer"}}), reply(200, "answer"));
  EXPECT_THAT(exchange.upstream->trailers, HasHeader("x-added", "request"));
  EXPECT_THAT(exchange.client->trailers, HasHeader("x-added", "response"));
}

TEST(Flow, knows_when_the_stream_it_would_let_go_is_gone) {
  Host host;
  host.open_stream().request_headers(hold("all"));
  host.advance(a_tick);
  EXPECT_THAT(host.logs(), Contains(Logged(LogLevel::info, "too late")));
}

}  // namespace
