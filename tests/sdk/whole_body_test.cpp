// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using wasmup::LogLevel;

TEST(WholeBody, comes_once_with_all_chunks) {
  Host host;
  Stream stream = host.open_stream();
  stream.request_headers(post("/", "x").headers, false).request_body("one ", false).request_body("two", true);
  stream.response_headers(reply().headers, false).response_body("three", false).response_body("", true);
  EXPECT_EQ(stream.so_far().upstream->body, "ONE TWO");
  EXPECT_EQ(stream.so_far().client->body, "THREE");
  EXPECT_THAT(host.logs(), ElementsAre(LogLine{LogLevel::info, "request: one two"},
                                       LogLine{LogLevel::info, "response: three"}));
}

TEST(WholeBody, comes_once_for_messages_that_have_none) {
  Host host;
  const Exchange exchange = host.exchange(get("/"), reply(204));
  EXPECT_EQ(exchange.status(), 204);
  EXPECT_THAT(host.logs(),
              ElementsAre(LogLine{LogLevel::info, "request: "}, LogLine{LogLevel::info, "response: "}));
}

TEST(WholeBody, comes_once_when_trailers_end_the_message) {
  Host host;
  Message request = post("/", "question");
  request.trailers = {{"x-request", "t"}};
  Message response = reply(200, "answer");
  response.trailers = {{"grpc-status", "0"}};
  const Exchange exchange = host.exchange(request, response);
  EXPECT_EQ(exchange.upstream->body, "QUESTION");
  EXPECT_EQ(exchange.upstream->trailers, request.trailers);
  EXPECT_EQ(exchange.client->body, "ANSWER");
  EXPECT_EQ(exchange.client->trailers, response.trailers);
  EXPECT_THAT(host.logs(), ElementsAre(LogLine{LogLevel::info, "request: question"},
                                       LogLine{LogLevel::info, "response: answer"}));
}

TEST(WholeBody, comes_once_when_there_are_trailers_and_no_body) {
  Host host;
  Message response = reply(200);
  response.trailers = {{"grpc-status", "5"}};
  EXPECT_EQ(host.exchange(get("/"), response).client->trailers, response.trailers);
  EXPECT_THAT(host.logs(),
              ElementsAre(LogLine{LogLevel::info, "request: "}, LogLine{LogLevel::info, "response: "}));
}
