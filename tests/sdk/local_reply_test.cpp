// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;

TEST(LocalReply, answers_in_place_of_the_upstream_and_passes_the_response_callbacks) {
  Host host;
  const Exchange exchange = host.exchange(get("/deny"));
  EXPECT_EQ(exchange.upstream, std::nullopt);
  ASSERT_TRUE(exchange.client);
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_EQ(exchange.client->body, "denied\n");
  EXPECT_EQ(exchange.client->headers.values("x-reason"), (std::vector<std::string>{"denied", "twice"}));
  EXPECT_THAT(exchange.client, HasHeader("content-length", "7"));
  EXPECT_THAT(exchange.client, HasHeader("x-passed", "response callback"));
}

TEST(LocalReply, speaks_grpc_to_grpc_clients_only) {
  Host host;
  const Headers grpc{{"content-type", "application/grpc"}};
  const Exchange chosen = host.exchange(get("/grpc", grpc));
  EXPECT_EQ(chosen.status(), 200);
  EXPECT_THAT(chosen.client, HasHeader("grpc-status", "7"));

  const Exchange translated = host.exchange(get("/deny", grpc));
  EXPECT_EQ(translated.status(), 200);
  EXPECT_EQ(translated.client->body, "");
  EXPECT_THAT(translated.client, HasHeader("grpc-status", "7"));
  EXPECT_THAT(translated.client, HasHeader("grpc-message", "denied%0A"));
  EXPECT_EQ(translated.client->headers.values("x-reason").size(), 2U);

  EXPECT_THAT(host.exchange(get("/grpc")).client, LacksHeader("grpc-status"));
}

TEST(LocalReply, with_an_impossible_header_or_status_is_refused_before_the_host_sees_it) {
  Host host;
  EXPECT_EQ(host.exchange(get("/bad")).status(), 200);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::warn, "not sent"),
                                       Logged(wasmup::LogLevel::warn, "nor this"),
                                       Logged(wasmup::LogLevel::warn, "nor that")));
}

TEST(LocalReply, may_have_headers_whose_number_is_not_known_when_compiling) {
  Host host;
  const Exchange exchange = host.exchange(get("/many"));
  EXPECT_EQ(exchange.status(), 200);
  EXPECT_THAT(exchange.client, HasHeader("x-first", "0"));
  EXPECT_THAT(exchange.client->headers.values("x-more"), ElementsAre("1", "1", "1"));
}

TEST(LocalReply, can_take_the_place_of_a_response_whose_headers_have_not_gone_out) {
  Host host;
  const Exchange exchange = host.exchange(get("/"), reply(200, "upstream", {{"x-late", "1"}}));
  EXPECT_EQ(exchange.status(), 502);
  EXPECT_EQ(exchange.client->body, "late");
  EXPECT_THAT(exchange.client, LacksHeader("x-late"));
  EXPECT_THAT(exchange.client, LacksHeader("x-passed"));
}
