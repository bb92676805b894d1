// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using wasmup::Status;

namespace {

Headers asking(std::string what, std::string name, std::string value, const Headers& others = {}) {
  Headers headers{{"x-do", std::move(what)}, {"x-name", std::move(name)}, {"x-value", std::move(value)}};
  for (const auto& [other_name, other_value] : others) headers.add(other_name, other_value);
  return headers;
}

/// The response headers after the filter did what they asked.
Headers after(std::string what, std::string name, std::string value = "", const Headers& others = {}) {
  Host host;
  const auto headers = asking(std::move(what), std::move(name), std::move(value), others);
  return host.exchange(get("/"), reply(200, "", headers)).client->headers;
}

MATCHER_P(Gave, status, "gave " + ::testing::PrintToString(static_cast<int>(status))) {
  return ExplainMatchResult(HasHeader("x-status", std::to_string(static_cast<int>(status))), arg,
                            result_listener);
}
MATCHER_P(Found, text, "found " + ::testing::PrintToString(text)) {
  return ExplainMatchResult(HasHeader("x-result", text), arg, result_listener);
}

}  // namespace

TEST(HeaderAccess, get_gives_the_first_value) {
  const Headers headers = after("get", "X-A", "", {{"x-a", "1"}, {"x-a", "2"}});
  EXPECT_THAT(headers, Gave(Status::ok));
  EXPECT_THAT(headers, Found("1"));
}

TEST(HeaderAccess, get_tells_missing_from_empty) {
  EXPECT_THAT(after("get", "x-a"), Gave(Status::not_found));
  EXPECT_THAT(after("get", "x-a", "", {{"x-a", ""}}), Gave(Status::ok));
}

TEST(HeaderAccess, get_all_gives_every_value_in_order_and_none_as_none) {
  EXPECT_THAT(after("get_all", "X-A", "", {{"x-a", "1"}, {"x-b", "2"}, {"x-a", ""}, {"x-a", "3"}}),
              Found("[1][][3]"));
  const Headers none = after("get_all", "x-none");
  EXPECT_THAT(none, Gave(Status::ok));
  EXPECT_THAT(none, Found(""));
}

TEST(HeaderAccess, all_keeps_order_and_repeated_names) {
  EXPECT_THAT(after("all", "x", "", {{"x-a2", "1"}, {"x-a1", ""}, {"x-a2", "3"}}),
              Found("x-a2=1;x-a1=;x-a2=3;"));
}

TEST(HeaderAccess, set_leaves_one_value_in_the_place_of_the_first) {
  const Headers headers = after("set", "x-a", "new", {{"x-a", "1"}, {"x-b", "2"}, {"x-a", "3"}});
  EXPECT_THAT(headers, Gave(Status::ok));
  EXPECT_THAT(headers, HasHeader("x-a", "new"));
}

TEST(HeaderAccess, set_takes_pseudo_headers_add_and_remove_do_not) {
  EXPECT_THAT(after("set", ":status", "201"), HasHeader(":status", "201"));
  EXPECT_THAT(after("add", ":status", "201"), Gave(Status::bad_argument));
  const Headers headers = after("remove", ":status");
  EXPECT_THAT(headers, Gave(Status::bad_argument));
  EXPECT_THAT(headers, HasHeader(":status", "200"));
}

TEST(HeaderAccess, add_keeps_what_was_there) {
  const Headers headers = after("add", "x-a", "2", {{"x-a", "1"}});
  EXPECT_EQ(headers.values("x-a"), (std::vector<std::string>{"1", "2"}));
}

TEST(HeaderAccess, remove_takes_all_values_and_does_not_mind_there_being_none) {
  EXPECT_THAT(after("remove", "x-a", "", {{"x-a", "1"}, {"x-a", "2"}}), LacksHeader("x-a"));
  EXPECT_THAT(after("remove", "x-none"), Gave(Status::ok));
}

TEST(HeaderAccess, replace_all_leaves_nothing_of_what_was_there) {
  const Headers headers = after("replace_all", "x-a", "first", {{"x-a", "0"}, {"x-b", "2"}});
  EXPECT_THAT(headers, Gave(Status::ok));
  EXPECT_THAT(headers, HasHeader(":status", "201"));
  EXPECT_EQ(headers.values("x-a"), (std::vector<std::string>{"first", "last"}));
  EXPECT_THAT(headers, LacksHeader("x-b"));
}

TEST(HeaderAccess, replace_all_changes_nothing_when_one_header_cannot_be_on_the_wire) {
  const Headers headers = after("replace_all", "x a", "first", {{"x-b", "2"}});
  EXPECT_THAT(headers, Gave(Status::bad_argument));
  EXPECT_THAT(headers, HasHeader(":status", "200"));
  EXPECT_THAT(headers, HasHeader("x-b", "2"));
}

TEST(HeaderAccess, byte_size_counts_names_and_values) {
  size_t bytes = 0;
  for (const auto& [name, value] : reply(200, "", asking("byte_size", "x-a", "", {{"x-b", "2"}})).headers) {
    bytes += name.size() + value.size();
  }
  const Headers headers = after("byte_size", "x-a", "", {{"x-b", "2"}});
  EXPECT_THAT(headers, Gave(Status::ok));
  EXPECT_THAT(headers, Found(std::to_string(bytes)));
}

TEST(HeaderAccess, names_and_values_that_cannot_be_on_the_wire_never_reach_the_host) {
  for (const char* name : {"", "x a", "x:a", ":", "x\xc3\xa9", "a(b)"}) {
    for (const char* what : {"get", "get_all", "set", "add", "remove"}) {
      EXPECT_THAT(after(what, name, "v"), Gave(Status::bad_argument)) << what << " " << name;
    }
  }
  const Headers headers = after("set-value-with-a-line-break", "x-a");
  EXPECT_THAT(headers, Gave(Status::bad_argument));
  EXPECT_THAT(headers, LacksHeader("x-a"));
}

TEST(HeaderAccess, works_on_all_four_maps) {
  Host host;
  Message request = get("/", asking("get", "x-a", "", {{"x-a", "1"}}));
  request.trailers = asking("get", "x-a", "", {{"x-a", "2"}});
  Message response = reply(200, "body", asking("get", "x-a", "", {{"x-a", "3"}}));
  response.trailers = asking("get", "x-a", "", {{"x-a", "4"}});

  const Exchange exchange = host.exchange(request, response);

  ASSERT_TRUE(exchange.upstream && exchange.client);
  EXPECT_THAT(exchange.upstream->headers, Found("1"));
  EXPECT_THAT(exchange.upstream->trailers, Found("2"));
  EXPECT_THAT(exchange.client->headers, Found("3"));
  EXPECT_THAT(exchange.client->trailers, Found("4"));
}

TEST(HeaderAccess, frees_what_it_was_given) {
  Host host;
  const auto response = reply(200, "", asking("all", "x-a", "", {{"x-a", std::string(2000, 'v')}}));
  for (int i = 0; i != 50; ++i) host.exchange(get("/"), response);
  const auto before = host.memory_pages();
  for (int i = 0; i != 500; ++i) host.exchange(get("/"), response);
  EXPECT_EQ(host.memory_pages(), before);
}

namespace {

/// What the filter was told when it did that to a request or to a response with a body.
std::string status_of(bool is_request, const std::string& what, const std::string& name,
                      const std::string& value) {
  Host host;
  const Headers headers = asking(what, name, value);
  if (!is_request) {
    return host.exchange(get("/"), reply(200, "body", headers))
        .client->headers.get("x-status")
        .value_or("none");
  }
  const Exchange exchange = host.exchange(post("/", "body", headers));
  return exchange.upstream ? exchange.upstream->headers.get("x-status").value_or("none") : "answered";
}

const std::string refused = std::to_string(static_cast<int>(Status::bad_argument));
const std::string taken = std::to_string(static_cast<int>(Status::ok));

}  // namespace

TEST(HeaderAccess, what_frames_a_message_is_never_written) {
  for (const char* name : {"content-length", "Transfer-Encoding", "connection", "keep-alive",
                           "proxy-connection", "te", "upgrade"}) {
    for (const bool is_request : {true, false}) {
      EXPECT_EQ(status_of(is_request, "set", name, "1"), refused) << name;
      EXPECT_EQ(status_of(is_request, "add", name, "1"), refused) << name;
    }
  }
  EXPECT_EQ(status_of(true, "remove", "content-length", ""), taken);
}

TEST(HeaderAccess, each_pseudo_header_has_its_own_grammar) {
  const std::pair<const char*, const char*> right[] = {{":path", "/a?b=c"},
                                                       {":method", "PURGE"},
                                                       {":authority", "other:80"},
                                                       {"host", "other"},
                                                       {":scheme", "https"}};
  for (const auto& [name, value] : right) EXPECT_EQ(status_of(true, "set", name, value), taken) << name;
  const std::pair<const char*, const char*> wrong[] = {
      {":path", "/a b"},   {":path", ""},       {":path", "/a\tb"},     {":method", "GET /"},
      {":method", ""},     {":method", "HEAD"}, {":method", "CONNECT"}, {":authority", "a b"},
      {":authority", ""},  {"Host", "a/b"},     {":status", "200"},     {":foo", "1"},
      {":scheme", "ht tp"}};
  for (const auto& [name, value] : wrong)
    EXPECT_EQ(status_of(true, "set", name, value), refused) << name << value;
  for (const char* status : {"100", "101", "199", "600", "0", "abc", "", " 200", "204", "304"}) {
    EXPECT_EQ(status_of(false, "set", ":status", status), refused) << "with a body: " << status;
  }
  EXPECT_EQ(status_of(false, "set", ":path", "/"), refused);
  EXPECT_EQ(status_of(false, "set", ":status", "503"), taken);
  EXPECT_THAT(after("set", ":status", "204"), HasHeader(":status", "204")) << "it has no body";
}

TEST(HeaderAccess, the_authority_cannot_be_taken_away_by_another_name) {
  for (const char* name : {"host", "Host", ":authority"})
    EXPECT_EQ(status_of(true, "remove", name, ""), refused);
  EXPECT_EQ(status_of(true, "add", "host", "another"), refused);
  EXPECT_EQ(status_of(true, "replace_all", "x-a", "1"), refused)
      << "a list without a method and an authority";
}

TEST(HeaderAccess, trailers_have_no_pseudo_headers_and_frame_nothing) {
  Host host;
  for (const auto& [name, value] : {std::pair<const char*, const char*>{":path", "/"},
                                    {":status", "200"},
                                    {"host", "a"},
                                    {"content-length", "1"},
                                    {"transfer-encoding", "chunked"}}) {
    Message request = post("/", "body");
    request.trailers = asking("set", name, value);
    Message response = reply(200, "body");
    response.trailers = asking("set", name, value);
    const Exchange exchange = host.exchange(request, response);
    EXPECT_EQ(exchange.upstream->trailers.get("x-status"), refused) << name;
    EXPECT_EQ(exchange.client->trailers.get("x-status"), refused) << name;
  }
}
