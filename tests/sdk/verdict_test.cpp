// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;

namespace {

using Texts = std::vector<std::string>;

/// What the module logged, but for the root's lines.
Texts lines(const Host& host) {
  Texts texts;
  for (const LogLine& line : host.logs()) {
    if (!line.text.starts_with("root:")) texts.push_back(line.text);
  }
  return texts;
}

constexpr std::chrono::milliseconds a_tick{50};

}  // namespace

TEST(Verdict, answers_a_request_once) {
  Host host;
  const Exchange exchange =
      host.exchange(get("/", {{"x-request-headers", "reply reply reset continue-request"}}));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_FALSE(exchange.was_reset);
  EXPECT_THAT(lines(host),
              ElementsAre("request headers: reply ok", "request headers: reply refused",
                          "request headers: reset refused", "request headers: continue-request refused"));
}

TEST(Verdict, resets_a_stream_once) {
  Host host;
  const Exchange exchange =
      host.exchange(get("/", {{"x-request-headers", "reset reset reply continue-request"}}));
  EXPECT_TRUE(exchange.was_reset);
  EXPECT_EQ(exchange.client, std::nullopt);
  EXPECT_THAT(lines(host),
              ElementsAre("request headers: reset ok", "request headers: reset refused",
                          "request headers: reply refused", "request headers: continue-request refused"));
}

TEST(Verdict, answers_a_response_once) {
  Host host;
  const Exchange exchange = host.exchange(get("/", {{"x-response-headers", "reply reply reset"}}));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_THAT(lines(host), ElementsAre("response headers: reply ok", "response headers: reply refused",
                                       "response headers: reset refused"));
}

TEST(Verdict, may_answer_the_response_that_a_local_response_is) {
  Host host;
  const Exchange exchange =
      host.exchange(get("/", {{"x-request-headers", "reply"}, {"x-response-headers", "reply reply"}}));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_THAT(lines(host), ElementsAre("request headers: reply ok", "response headers: reply ok",
                                       "response headers: reply refused"));
}

TEST(Verdict, answers_nothing_once_response_headers_have_gone) {
  Host host;
  const Exchange exchange = host.exchange(get("/", {{"x-response-body", "reply"}}), reply(200, "whole"));
  EXPECT_EQ(exchange.client->body, "whole");
  EXPECT_FALSE(exchange.was_reset);
  EXPECT_THAT(lines(host), ElementsAre("response body: reply refused"));
}

TEST(Verdict, answers_nothing_late_once_the_response_has_gone) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(get("/", {{"x-tick", "reply continue-response continue-request reset"}}).headers);
  stream.response_headers(reply().headers, false);
  host.advance(a_tick);
  EXPECT_TRUE(stream.so_far().was_reset);
  EXPECT_THAT(lines(host), ElementsAre("tick: reply refused", "tick: continue-response refused",
                                       "tick: continue-request refused", "tick: reset ok"));
}

TEST(Verdict, lets_go_of_what_is_held_and_of_that_alone) {
  Host host;
  Stream stream = host.open_stream();
  const char* const twice = "continue-response continue-request continue-request";
  stream.request_headers(get("/", {{"x-request-headers", "hold"}, {"x-tick", twice}}).headers);
  host.advance(a_tick);
  EXPECT_FALSE(stream.request_is_held());
  EXPECT_THAT(lines(host), ElementsAre("tick: continue-response refused", "tick: continue-request ok",
                                       "tick: continue-request refused"));
}

TEST(Verdict, lets_go_of_a_held_response_once) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(
      get("/", {{"x-response-headers", "hold"}, {"x-tick", "continue-response continue-response reply"}})
          .headers);
  stream.response_headers(reply().headers, false);
  EXPECT_TRUE(stream.response_is_held());
  host.advance(a_tick);
  EXPECT_FALSE(stream.response_is_held());
  EXPECT_THAT(lines(host), ElementsAre("tick: continue-response ok", "tick: continue-response refused",
                                       "tick: reply refused"));
}

TEST(Verdict, does_not_hold_what_it_lets_go_in_the_same_callback) {
  Host host;
  const Exchange exchange = host.exchange(
      post("/", "body",
           {{"x-request-headers", "continue-request hold"}, {"x-request-body", "hold continue-request"}}),
      reply());
  EXPECT_EQ(exchange.upstream->body, "body");
  const Exchange response =
      host.exchange(get("/", {{"x-response-headers", "continue-response hold"}}), reply(200, "answer"));
  EXPECT_EQ(response.client->body, "answer");
  const Exchange unheld =
      host.exchange(get("/", {{"x-response-headers", "continue-response"}}), reply(200, "answer"));
  EXPECT_EQ(unheld.client->body, "answer");
}

TEST(Verdict, answers_a_held_request_from_a_tick_once) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(
      get("/", {{"x-request-headers", "hold"}, {"x-tick", "reply reply reset continue-request"}}).headers);
  host.advance(a_tick);
  EXPECT_EQ(stream.so_far().status(), 403);
  EXPECT_THAT(lines(host), ElementsAre("tick: reply ok", "tick: reply refused", "tick: reset refused",
                                       "tick: continue-request refused"));
}

TEST(Verdict, says_nothing_more_at_the_end_of_a_stream) {
  Host host;
  const char* const all = "reply reset continue-request continue-response";
  host.exchange(get("/", {{"x-end", all}, {"x-delete", all}}));
  EXPECT_EQ(lines(host).size(), 12U);
  EXPECT_THAT(lines(host), Each(EndsWith("refused")));
}

TEST(Verdict, says_nothing_of_a_stream_that_is_gone) {
  Host host;
  host.exchange(get("/", {{"x-tick", "reply"}}));
  host.advance(a_tick);
  EXPECT_THAT(lines(host), ElementsAre("tick: gone"));
}

TEST(Verdict, of_a_root_has_nobody_to_reach) {
  Host host;
  host.advance(a_tick);
  ASSERT_EQ(host.logs().size(), 3U);
  for (const LogLine& line : host.logs()) EXPECT_THAT(line.text, EndsWith("refused"));
}
