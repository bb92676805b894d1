// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr const char* configuration =
    R"({"max_bytes": 100, "required": {"name": "string", "age": "number", "tags": "array"}})";
constexpr const char* good = R"({"name": "Ada", "age": 36, "tags": [], "more": {"a": [null, true, -1.5e3]}})";

}  // namespace

TEST(JsonValidation, lets_a_body_pass_that_has_what_is_required) {
  Host host{std::string(configuration)};
  const Exchange exchange = host.exchange(post("/", good), reply(200, "answer"));
  EXPECT_EQ(exchange.upstream, post("/", good));
  EXPECT_EQ(exchange.client, reply(200, "answer"));
}

TEST(JsonValidation, lets_requests_without_a_body_pass) {
  Host host{std::string(configuration)};
  EXPECT_EQ(host.exchange(get("/")).upstream, get("/"));
}

TEST(JsonValidation, looks_at_the_body_as_a_whole) {
  Host host{std::string(configuration)};
  for (const size_t cut : {1, 10, 40}) {
    Stream stream = host.open_stream();
    stream.request_headers(post("/", "").headers, false);
    stream.request_body(std::string_view(good).substr(0, cut), false);
    EXPECT_TRUE(!stream.so_far().upstream || stream.so_far().upstream->body.empty());
    stream.request_body(std::string_view(good).substr(cut));
    ASSERT_TRUE(stream.so_far().upstream);
    EXPECT_EQ(stream.so_far().upstream->body, good);
  }
}

TEST(JsonValidation, answers_400_and_says_what_is_wrong_and_where) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"name": "Ada", "age": "36", "tags": []})",
       R"({"error": "\"age\" must be of kind number, found string", "line": 1, "column": 24})"},
      {"{\n  \"name\": null,\n  \"age\": 36, \"tags\": []}",
       R"({"error": "\"name\" must be of kind string, found null", "line": 2, "column": 11})"},
      {R"({"name": "Ada", "age": 36})", R"({"error": "\"tags\" is required", "line": 1, "column": 1})"},
      {R"({"name": "Ada", "age": 36, "tags": [], "n\u0061me": "Eve"})",
       R"({"error": "\"name\" is there twice", "line": 1, "column": 53})"}};
  for (const auto& [body, answer] : wrong) {
    Host host{std::string(configuration)};
    const Exchange exchange = host.exchange(post("/", body));
    EXPECT_EQ(exchange.status(), 400) << body;
    EXPECT_EQ(exchange.client->body, std::string(answer) + "\n");
    EXPECT_THAT(exchange.client, HasHeader("content-type", "application/json"));
    EXPECT_TRUE(!exchange.upstream || exchange.upstream->body.empty());
  }
}

TEST(JsonValidation, answers_400_to_what_is_no_json) {
  const std::pair<const char*, const char*> wrong[] = {
      {"[]", R"("line": 1, "column": 1})"},
      {"name=Ada", R"("line": 1, "column": 1})"},
      {"{\n\"name\": \"Ada\",\n}", R"("line": 3, "column": 1})"},
      {"{} {}", R"("line": 1, "column": 4})"}};
  for (const auto& [body, place] : wrong) {
    Host host{std::string(configuration)};
    const Exchange exchange = host.exchange(post("/", body));
    EXPECT_EQ(exchange.status(), 400) << body;
    EXPECT_THAT(exchange.client->body, HasSubstr(place));
  }
}

TEST(JsonValidation, puts_nothing_from_the_body_into_the_answers_own_syntax) {
  Host host{std::string(configuration)};
  const Exchange exchange = host.exchange(post("/", R"({"a\"b\u000ac": tru})"));
  EXPECT_EQ(exchange.status(), 400);
  EXPECT_THAT(exchange.client->body, ::testing::Not(HasSubstr("a\"b\nc")));
}

TEST(JsonValidation, answers_413_to_a_body_that_is_too_long) {
  Host host{std::string(configuration)};
  const std::string fits = good + std::string(100 - std::string_view(good).size(), ' ');
  EXPECT_EQ(host.exchange(post("/", fits)).status(), 200);
  const Exchange exchange = host.exchange(post("/", fits + " "));
  EXPECT_EQ(exchange.status(), 413);
  EXPECT_EQ(exchange.client->body, "{\"error\": \"the body is longer than 100 bytes\"}\n");
}

TEST(JsonValidation, checks_a_body_that_trailers_follow) {
  Host host{std::string(configuration)};
  Message request = post("/", good);
  request.trailers = {{"x-checksum", "1"}};
  EXPECT_EQ(host.exchange(request).upstream, request);
  request.body = "{}";
  EXPECT_EQ(host.exchange(request).status(), 400);
}

TEST(JsonValidation, refuses_a_configuration_that_it_cannot_check_by) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "\"required\""},
      {R"({"required": {"name": "text"}})", R"("name" must be one of null, boolean, number, string, array)"},
      {R"({"required": {}, "max_bytes": -1})", "line 1, column 31"}};
  for (const auto& [text, reason] : wrong) {
    Host host{std::string(text)};
    EXPECT_FALSE(host.is_running()) << text;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, reason)));
  }
}
