// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(HeaderRewrite, sets_adds_and_removes_request_headers) {
  Host host(std::string(R"({"request": {"set": {"x-tenant": "blue"}, "add": {"x-via": "gateway"},
                                        "remove": ["x-debug", "x-not-there"]}})"));
  const Exchange exchange = host.exchange(
      get("/", {{"x-tenant", "red"}, {"x-tenant", "green"}, {"x-via", "proxy"}, {"x-debug", "1"}}),
      reply(200, "answer"));
  EXPECT_THAT(exchange.upstream, HasHeader("x-tenant", "blue"));
  EXPECT_THAT(exchange.upstream->headers.values("x-via"), ElementsAre("proxy", "gateway"));
  EXPECT_THAT(exchange.upstream, LacksHeader("x-debug"));
  EXPECT_EQ(exchange.client, reply(200, "answer")) << "the response is left alone";
}

TEST(HeaderRewrite, sets_adds_and_removes_response_headers) {
  Host host(std::string(R"({"response": {"set": {"cache-control": "no-store"}, "add": {"set-cookie": "b=2"},
                                         "remove": ["x-powered-by"]}})"));
  const Exchange exchange = host.exchange(
      get("/", {{"x-powered-by", "the client"}}),
      reply(200, "answer",
            {{"cache-control", "public"}, {"set-cookie", "a=1"}, {"x-powered-by", "the upstream"}}));
  EXPECT_THAT(exchange.client, HasHeader("cache-control", "no-store"));
  EXPECT_THAT(exchange.client->headers.values("set-cookie"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(exchange.client, LacksHeader("x-powered-by"));
  EXPECT_EQ(exchange.upstream, get("/", {{"x-powered-by", "the client"}})) << "the request is left alone";
}

TEST(HeaderRewrite, removes_before_it_sets_and_sets_before_it_adds) {
  Host host(
      std::string(R"({"response": {"add": {"x-a": "added"}, "set": {"x-a": "set"}, "remove": ["x-a"]}})"));
  const Exchange exchange = host.exchange(get("/"), reply(200, "", {{"x-a", "upstream"}}));
  EXPECT_THAT(exchange.client->headers.values("x-a"), ElementsAre("set", "added"));
}

TEST(HeaderRewrite, does_nothing_without_a_configuration) {
  for (const char* configuration : {"", "{}", R"({"request": {}, "response": {"set": {}}})"}) {
    Host host{std::string(configuration)};
    const Exchange exchange = host.exchange(get("/"), reply(200, "answer"));
    EXPECT_EQ(exchange.upstream, get("/"));
    EXPECT_EQ(exchange.client, reply(200, "answer"));
    EXPECT_THAT(host.logs(), IsEmpty());
  }
}

TEST(HeaderRewrite, refuses_what_cannot_be_in_a_header) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"request": {"set": {"x tenant": "blue"}}})", R"("x tenant" cannot be a header's name)"},
      {R"({"request": {"add": {":path": "/"}}})", R"(":path" cannot be a header's name)"},
      {R"({"response": {"remove": [""]}})", R"("" cannot be a header's name)"},
      {R"({"response": {"add": {"x-two": "a\r\nb"}}})",
       R"(the value of "x-two" cannot be a header's value)"}};
  for (const auto& [configuration, reason] : wrong) {
    Host host{std::string(configuration)};
    EXPECT_FALSE(host.is_running()) << configuration;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, reason)));
  }
}

TEST(HeaderRewrite, refuses_a_configuration_of_another_form_and_says_where) {
  struct Case {
    const char* configuration;
    const char* line;
    const char* name;
  };
  const Case wrong[] = {{"{\n  \"request\": {\"set\": {\"x-a\": 1}}}", "line 2, column 30", "\"x-a\""},
                        {R"({"request": {"delete": ["x-a"]}})", "line 1, column", "\"delete\""},
                        {R"({"request": {"set": {"x-a": "1", "x-a": "2"}}})", "line 1, column", "\"x-a\""},
                        {R"({"response": {"remove": "x-a"}})", "line 1, column 25", "\"remove\""},
                        {"# set", "line 1, column 1", ""}};
  for (const Case& expected : wrong) {
    Host host{std::string(expected.configuration)};
    EXPECT_FALSE(host.is_running()) << expected.configuration;
    EXPECT_THAT(host.logs(), ElementsAre(AllOf(Logged(wasmup::LogLevel::error, "plugin configuration, "),
                                               Logged(wasmup::LogLevel::error, expected.line),
                                               Logged(wasmup::LogLevel::error, expected.name))));
  }
}
