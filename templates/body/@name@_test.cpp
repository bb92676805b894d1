#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

std::string answered(const std::string& body) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger", "most_bytes": 20})"));
  return host.exchange(get("/"), reply(200, body)).client.value_or(Message{}).body;
}

}  // namespace

TEST(@Type@, replaces_every_occurrence) { EXPECT_EQ(answered("cat, cats"), "tiger, tigers"); }

TEST(@Type@, leaves_the_rest_alone) {
  EXPECT_EQ(answered("dog"), "dog");
  EXPECT_EQ(answered(""), "");
}

TEST(@Type@, replaces_in_a_body_that_comes_in_pieces_and_ends_with_trailers) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger"})"));
  Stream stream = host.open_stream();
  stream.request_headers(get("/").headers).response_headers(reply().headers, false);
  stream.response_body("a c", false).response_body("at", false).response_trailers({{"x-checksum", "1"}});
  EXPECT_EQ(stream.so_far().client->body, "a tiger");
}

TEST(@Type@, answers_in_place_of_a_body_that_is_too_long) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger", "most_bytes": 20})"));
  const std::string body = "a cat that is too long";
  const Exchange exchange =
      host.exchange(get("/"), reply(200, body, {{"content-length", std::to_string(body.size())}}));
  EXPECT_EQ(exchange.status(), 502);
  EXPECT_EQ(exchange.client->body, "the response is too long to be changed\n");
}

TEST(@Type@, promises_no_length_that_is_not_true) {
  Host host(std::string(R"({"find": "cat", "replace": "tiger"})"));
  EXPECT_THAT(host.exchange(get("/"), reply(200, "cat", {{"content-length", "3"}})).client,
              LacksHeader("content-length"));
}

TEST(@Type@, refuses_a_configuration_without_a_text_to_find) {
  EXPECT_FALSE(Host(std::string(R"({"replace": "x"})")).is_running());
}
