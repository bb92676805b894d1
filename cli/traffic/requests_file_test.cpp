// SPDX-License-Identifier: MIT
#include "requests_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/folder_test.hpp"

namespace wasmup::traffic {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

using Of = Expectation::Of;

Expected<RequestsFile> parse(const std::string& text) { return parse_requests(text, "r.yaml", Urls::any); }

auto expects(Of of, const std::string& name, const std::vector<std::string>& values) {
  return AllOf(testing::Field(&Expectation::of, of), testing::Field(&Expectation::name, name),
               testing::Field(&Expectation::values, values));
}

/// A file with one request and these fields besides its path.
std::string with(const std::string& fields) {
  return "requests:\n  - path: /\n    expect: {status: 200}\n" + fields;
}
std::string expecting(const std::string& expect) {
  return "requests:\n  - path: /\n    expect: " + expect + "\n";
}

void expect_refused(const std::string& text, const std::string& place, const std::string& reason) {
  const auto parsed = parse(text);
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().code, ExitCode::usage);
  EXPECT_EQ(parsed.error().what, "r.yaml" + place + " is not as it should be") << text;
  EXPECT_THAT(parsed.error().seen, HasSubstr(reason)) << text;
  EXPECT_THAT(parsed.error().next, HasSubstr("requests:"));
}

TEST(requests_file, says_what_to_send_and_what_to_expect) {
  const auto parsed = parse(R"(
url: http://127.0.0.1:8080
requests:
  - name: the header is there
    path: /get
    method: PUT
    headers: {X-Name: a, x-many: [b, c]}
    body: text
    count: 3
    expect:
      status: 200
      headers: {X-Wasm-Custom: FOO, set-cookie: [a=1, b=2], x-empty: ""}
      absent: [Server, via]
      body: {contains: [hello, world], lacks: secret}
      trailers: {x-t: "1"}
  - url: https://example.com/a
    expect: {body: {equals: ""}, absent: server}
)");
  ASSERT_TRUE(parsed) << parsed.error().what << parsed.error().seen;
  EXPECT_EQ(parsed->url, "http://127.0.0.1:8080");
  ASSERT_THAT(parsed->cases, SizeIs(2));
  const Case& first = parsed->cases[0];
  EXPECT_EQ(first.name, "the header is there");
  EXPECT_EQ(first.request.url, "/get");
  EXPECT_EQ(first.request.method, "PUT");
  EXPECT_THAT(first.request.headers,
              ElementsAre(Pair("X-Name", "a"), Pair("x-many", "b"), Pair("x-many", "c")));
  EXPECT_EQ(first.request.body, "text");
  EXPECT_EQ(first.count, 3);
  EXPECT_THAT(
      first.expectations,
      ElementsAre(expects(Of::header, ":status", {"200"}), expects(Of::header, "x-wasm-custom", {"FOO"}),
                  expects(Of::header, "set-cookie", {"a=1", "b=2"}), expects(Of::header, "x-empty", {""}),
                  expects(Of::header, "server", {}), expects(Of::header, "via", {}),
                  expects(Of::part_of_body, "", {"hello"}), expects(Of::part_of_body, "", {"world"}),
                  expects(Of::not_in_body, "", {"secret"}), expects(Of::trailer, "x-t", {"1"})));
  const Case& second = parsed->cases[1];
  EXPECT_EQ(second.name, "GET https://example.com/a");
  EXPECT_EQ(second.request.method, "GET");
  EXPECT_EQ(second.count, 1);
  EXPECT_THAT(second.expectations,
              ElementsAre(expects(Of::header, "server", {}), expects(Of::body, "", {""})));
}

TEST(requests_file, a_body_without_a_method_is_posted) {
  EXPECT_EQ(parse(with("    body: text\n"))->cases.at(0).request.method, "POST");
  EXPECT_EQ(parse(with("    body: text\n    method: GET\n"))->cases.at(0).request.method, "GET");
}

TEST(requests_file, values_are_texts_as_they_are_written) {
  const auto parsed = parse(expecting("{headers: {a: yes, b: 010, c: 1.0, d: ~x, e: \"null\"}}"));
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->cases.at(0).expectations,
              ElementsAre(expects(Of::header, "a", {"yes"}), expects(Of::header, "b", {"010"}),
                          expects(Of::header, "c", {"1.0"}), expects(Of::header, "d", {"~x"}),
                          expects(Of::header, "e", {"null"})));
}

TEST(requests_file, may_be_json) {
  EXPECT_TRUE(parse(R"({"requests": [{"path": "/", "expect": {"status": 200}}]})"));
}

TEST(requests_file, unknown_names_are_refused_with_the_nearest) {
  expect_refused("reqests: []", ":1:1", "a requests file has no 'reqests': did you mean requests?");
  expect_refused(with("    metod: GET\n"), ":4:5", "a request has no 'metod': did you mean method?");
  expect_refused(expecting("{sttus: 200}"), ":3:14", "expect has no 'sttus': did you mean status?");
  expect_refused(expecting("{body: {contain: a}}"), ":3:21", "did you mean contains?");
  expect_refused(expecting("{frobnicate: 200}"), ":3:14",
                 "there are status, headers, absent, body, trailers");
}

TEST(requests_file, names_given_twice_are_refused) {
  expect_refused(with("    path: /b\n"), ":4:5", "path is there twice");
  expect_refused(expecting("{headers: {a: 1, a: 2}}"), ":3:30", "a is there twice");
}

TEST(requests_file, each_field_says_what_it_must_be) {
  expect_refused("- a\n", ":1:1", "a requests file must be names with values");
  expect_refused("url: http://a\n", ":1:1", "there is no requests:");
  expect_refused("requests: []\n", ":1:11", "requests must be a list, not empty");
  expect_refused("requests: {a: b}\n", ":1:11", "requests must be a list");
  expect_refused("requests:\n  - /get\n", ":2:5", "a request must be names with values");
  expect_refused("url: 127.0.0.1\nrequests: []\n", ":1:6", "url must be http://... or https://...");
  expect_refused("requests:\n  - expect: {status: 200}\n", ":2:5", "a request needs a path");
  expect_refused("requests:\n  - path: /\n", ":2:5", "a request needs an expect");
  expect_refused("requests:\n  - path: get\n", ":2:11", "a path starts with /, unlike 'get'");
  expect_refused(with("    url: http://a/\n"), ":2:11", "a path or a url, not both");
  expect_refused(with("    method: GET /\n"), ":4:13", "'GET /' is no method");
  expect_refused(with("    count: 0\n"), ":4:12", "count must be a number from 1 to 10000, not '0'");
  expect_refused(with("    count: 1x\n"), ":4:12", "not '1x'");
  expect_refused(with("    count: 99999999999\n"), ":4:12", "not '99999999999'");
  expect_refused(with("    body: [a]\n"), ":4:11", "body must be one text");
  expect_refused(with("    body:\n"), ":4:5", "body has no value");
  expect_refused(with("    headers: {a b: c}\n"), ":4:15", "'a b' is no header name");
  expect_refused(with("    headers: {a: \"b\\nc\"}\n"), ":4:18", "a has a line end");
  expect_refused(with("    headers: {a: }\n"), ":4:15", "a has no value (empty is \"\")");
  expect_refused(with("    headers: {a: [{b: c}]}\n"), ":4:19", "a must be one text");
  expect_refused(expecting("{}"), ":3:13", "nothing is expected");
  expect_refused(expecting("{headers: {}}"), ":3:13", "nothing is expected");
  expect_refused(expecting("{status: 99}"), ":3:22", "status must be a number from 100 to 599");
  expect_refused(expecting("{headers: {':status': 200}}"), ":3:24", "':status' is no header name");
  expect_refused(expecting("{headers: {a: []}}"), ":3:27", "a is an empty list");
  expect_refused(expecting("{absent: [a b]}"), ":3:22", "'a b' is no header name");
  expect_refused(expecting("{body: hello}"), ":3:20", "body must be names with values");
  expect_refused(expecting("{body: {contains: ''}}"), ":3:31", "contains is empty");
}

TEST(requests_file, what_is_no_yaml_is_refused_with_the_place) {
  expect_refused("requests:\n  - path: [\n", ":3:1", "");
  expect_refused("a: b\n  c: d\n", ":2:4", "");
}

TEST(requests_file, one_document_is_read_and_a_second_is_not_passed_over) {
  EXPECT_TRUE(parse("---\n" + with("")));
  EXPECT_TRUE(parse(with("") + "...\n"));
  expect_refused(with("") + "---\n" + with(""), "", "more after the first document");
}

TEST(requests_file, an_empty_one_is_refused) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n"}) EXPECT_FALSE(parse(text)) << text;
}

// Limits: what a file may cost to read

TEST(requests_file, anchors_are_refused_before_they_multiply) {
  expect_refused("a: &a [b]\nrequests: *a\n", ":1:4", "anchors (&, *) are not supported");
  std::string laughs = "a0: &a0 [lol]\n";
  for (int i = 1; i < 30; ++i) {
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) laughs += "*a" + std::to_string(i - 1) + ", ";
    laughs += "b]\n";
  }
  expect_refused(laughs, ":1:5", "anchors");
}

TEST(requests_file, deep_nesting_is_refused_in_every_style) {
  constexpr size_t deep = 200'000;
  std::string maps;
  for (size_t i = 0; i < deep; ++i) maps += "{a: ";
  std::string indented;
  for (size_t i = 0; i < 700; ++i) indented += std::string(i, ' ') + "a:\n";
  std::string dashes;
  for (size_t i = 0; i < deep; ++i) dashes += "- ";
  for (const std::string& text : {std::string(deep, '['), std::string(deep, '{'), maps, indented, dashes}) {
    const auto parsed = parse(text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ExitCode::usage);
  }
}

TEST(requests_file, sixteen_levels_are_the_most) {
  expect_refused(std::string(17, '[') + "a" + std::string(17, ']'), ":1:17", "more than 16 levels");
  expect_refused(std::string(16, '[') + "a" + std::string(16, ']'), ":1:1", "must be names with values");
}

TEST(requests_file, more_than_a_thousand_requests_are_refused) {
  std::string text = "requests:\n";
  for (int i = 0; i < 1000; ++i) text += "- {path: /, expect: {status: 200}}\n";
  EXPECT_THAT(parse(text)->cases, SizeIs(1000));
  expect_refused(text + "- {path: /, expect: {status: 200}}\n", ":2:1", "more than 1000 requests");
}

TEST(requests_file, more_than_a_hundred_thousand_values_are_refused) {
  std::string text = "a: [";
  for (int i = 0; i < 100'000; ++i) text += "b,";
  const auto parsed = parse(text + "]");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().seen, HasSubstr("more than 100000 values"));
}

TEST(requests_file, more_than_a_mebibyte_is_refused) {
  expect_refused(with("    body: " + std::string(1024UL * 1024, 'a') + "\n"), "", "larger than 1 MiB");
}

// On disk, and for a server

class RequestsFileTest : public FolderTest {};

TEST_F(RequestsFileTest, is_read_from_disk_and_errors_name_it) {
  EXPECT_TRUE(read_requests_file({write("good.yaml", with(""))}));
  const auto bad = write("bad.yaml", expecting("{}"));
  EXPECT_EQ(read_requests_file({bad}).error().what, bad.string() + ":3:13 is not as it should be");
  EXPECT_THAT(read_requests_file({folder_ / "none.yaml"}).error().what, HasSubstr("none.yaml"));
}

TEST_F(RequestsFileTest, whole_urls_are_refused_where_somebody_else_wrote_them) {
  const std::string whole =
      "requests: [{url: 'http://127.0.0.1:2375/containers/create', expect: {status: 200}}]";
  EXPECT_TRUE(parse_requests(whole, "mine", Urls::any));
  EXPECT_THAT(parse_requests(whole, "theirs", Urls::paths_only).error().seen,
              HasSubstr("a file that you name yourself"));
  const auto file = write("requests.yaml", whole);
  EXPECT_TRUE(read_requests_file({file}));
  EXPECT_FALSE(read_requests_file({"requests.yaml", folder_}));
  // Nor may a path be read as the rest of another server's name.
  for (const char* path : {"@127.0.0.1:2375/", ":2375/", "127.0.0.1/", ".example.com/", "http://a/", ""}) {
    EXPECT_FALSE(parse_requests(fmt::format("requests: [{{path: '{}', expect: {{status: 200}}}}]", path),
                                "theirs", Urls::paths_only))
        << path;
  }
}

TEST(cases_for, paths_are_of_the_server_given_then_of_the_files) {
  RequestsFile file = parse(
                          "requests:\n"
                          "  - {path: /a, expect: {status: 200}}\n"
                          "  - {url: 'http://other/b', expect: {status: 200}}\n")
                          .value();
  const auto urls = [&](const std::optional<std::string>& server) {
    std::vector<std::string> all;
    const auto cases = cases_for(file, server);
    for (const Case& one : cases.value()) all.push_back(one.request.url);
    return all;
  };
  EXPECT_THAT(urls("http://s:1"), ElementsAre("http://s:1/a", "http://other/b"));
  EXPECT_THAT(urls("http://s:1/base/"), ElementsAre("http://s:1/base/a", "http://other/b"));
  const auto nowhere = cases_for(file, std::nullopt);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ExitCode::usage);
  EXPECT_THAT(nowhere.error().next, HasSubstr("--url"));
  file.url = "http://f";
  EXPECT_THAT(urls(std::nullopt), ElementsAre("http://f/a", "http://other/b"));
  EXPECT_THAT(urls("http://s"), ElementsAre("http://s/a", "http://other/b"));
}

}  // namespace
}  // namespace wasmup::traffic
