// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wasmup::traffic {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

CaseResult holding(const std::string& name) {
  return {.tried = {.name = name, .request = {.url = "http://a/"}, .count = 1, .expectations = {}},
          .sent = 1,
          .response = {.status = 200, .headers = {{"b", "c"}}, .body = "hello", .trailers = {{"t", "1"}}},
          .findings = {{"status 200", true, ""}},
          .time = 12ms};
}
CaseResult failing(const std::string& seen) {
  CaseResult result = holding("fails");
  result.findings.push_back({"x: <1>", false, seen});
  return result;
}
CaseResult unanswered() {
  return {.tried = {.name = "late", .request = {.url = "http://b/"}, .count = 1, .expectations = {}},
          .sent = 1,
          .no_answer = "timed out"};
}

Report report(std::vector<CaseResult> results) {
  return {.results = std::move(results), .attempts = 2, .answered = true, .time = 1500ms};
}

TEST(report, json_has_every_request_with_its_expectations_and_response) {
  const auto json = nlohmann::json::parse(to_json(report({holding("holds"), failing("no x"), unanswered()})));
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["attempts"], 2);
  EXPECT_EQ(json["seconds"], 1.5);
  const auto& requests = json["requests"];
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0]["ok"], true);
  EXPECT_EQ(requests[0]["response"]["body"], "hello");
  EXPECT_EQ(requests[0]["response"]["headers"], nlohmann::json::parse(R"([["b", "c"]])"));
  EXPECT_EQ(requests[0]["response"]["trailers"], nlohmann::json::parse(R"([["t", "1"]])"));
  EXPECT_EQ(requests[1]["expectations"][1],
            nlohmann::json::parse(R"({"expected": "x: <1>", "met": false, "seen": "no x"})"));
  EXPECT_EQ(requests[2]["no_answer"], "timed out");
  EXPECT_FALSE(requests[2].contains("response"));
}

TEST(report, json_takes_bytes_that_are_no_text_and_cuts_long_bodies) {
  CaseResult result = holding("holds");
  result.response.body = "\xFF" + std::string(10'000, 'a');
  const auto json = nlohmann::json::parse(to_json(report({result})));
  EXPECT_EQ(json["requests"][0]["response"]["body"], "\uFFFD" + std::string(4095, 'a'));
  EXPECT_EQ(json["requests"][0]["response"]["body_bytes"], 10'001);
}

TEST(report, junit_counts_what_failed_and_what_got_no_answer) {
  EXPECT_EQ(to_junit(report({holding("holds"), failing("no x"), unanswered()}), "r.yaml"),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="r.yaml" tests="3" failures="1" errors="1" time="1.500">
    <testcase classname="r.yaml" name="holds" time="0.012"/>
    <testcase classname="r.yaml" name="fails" time="0.012">
      <failure message="expected x: &lt;1&gt;; seen no x">GET http://a/&#10;met       status 200&#10;expected  x: &lt;1&gt;&#10;seen      no x</failure>
    </testcase>
    <testcase classname="r.yaml" name="late" time="0.000">
      <error message="no answer: timed out">GET http://b/</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(report, no_report_has_a_secret_in_it_or_what_misleads) {
  CaseResult result = failing("http://u:hunter2@h/?sig=hunter2");
  result.tried.request.url = "http://u:hunter2@h/a?access_token=hunter2";
  result.response.headers = {{"set-cookie", "a=hunter2"}, {"x-auth-token", "hunter2"}, {"x", "\u202e\u009b"}};
  result.response.body = R"({"access_token":"hunter2"})";
  result.findings = {{.expected = "x-api-key=hunter2 \u202e\u009b", .met = false, .seen = "cookie: hunter2"}};
  CaseResult none = unanswered();
  none.no_answer = "http://u:hunter2@h/ does not answer\u202e\u009b";
  for (const std::string& text :
       {to_json(report({result, none})), to_junit(report({result, none}), "u:hunter2@h")}) {
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    EXPECT_THAT(text, HasSubstr("***"));
    EXPECT_THAT(text, Not(HasSubstr("\u202e")));
    EXPECT_THAT(text, Not(HasSubstr("\u009b")));
  }
}

TEST(report, junit_is_xml_whatever_a_server_says) {
  const std::string xml = to_junit(report({failing("\"&<>\x01\xFF\xC3\xA9\xED\xA0\x80\xC0\xAF")}), "r.yaml");
  EXPECT_THAT(xml, HasSubstr("&quot;&amp;&lt;&gt;\\x01\\xff\xC3\xA9\\xed\\xa0\\x80\\xc0\\xaf"));
}

}  // namespace
}  // namespace wasmup::traffic
