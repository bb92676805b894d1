// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../text/json_text.hpp"
#include "../text/secrets.hpp"
#include "../text/visible.hpp"

namespace wasmup::traffic {
namespace {

using nlohmann::ordered_json;

constexpr size_t shown_body = 4096;

double seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

ordered_json pairs(const http::Headers& headers) {
  ordered_json list = ordered_json::array();
  for (const auto& [name, value] : headers) list.push_back({name, text::masked(name, value)});
  return list;
}

ordered_json response_of(const CaseResult& result) {
  const http::Response& response = result.response;
  return {{"status", response.status},
          {"headers", pairs(response.headers)},
          {"body", text::masked(std::string_view(response.body).substr(0, shown_body))},
          {"body_bytes", response.body.size()},
          {"trailers", pairs(response.trailers)}};
}

ordered_json result_of(const CaseResult& result) {
  ordered_json json{{"name", text::masked(result.tried.name)},
                    {"ok", result.holds()},
                    {"method", result.tried.request.method},
                    {"url", text::masked(result.tried.request.url)},
                    {"count", result.tried.count},
                    {"sent", result.sent},
                    {"seconds", seconds(result.time)}};
  if (!result.no_answer.empty()) {
    json["no_answer"] = text::masked(result.no_answer);
    return json;
  }
  json["expectations"] = ordered_json::array();
  for (const Finding& finding : result.findings) {
    ordered_json one{{"expected", text::masked(finding.expected)}, {"met", finding.met}};
    if (!finding.met) one["seen"] = text::masked(finding.seen);
    json["expectations"].push_back(std::move(one));
  }
  json["response"] = response_of(result);
  return json;
}

/// As an attribute's value or an element's text. What XML may not hold, and what misleads, is made visible.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text::visible_lines(text::masked(text))) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
      case '\t':
        result += fmt::format("&#{};", static_cast<int>(c));
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string lines_of(const CaseResult& result) {
  std::string lines = fmt::format("{} {}", result.tried.request.method, result.tried.request.url);
  for (const Finding& finding : result.findings) {
    lines += finding.met ? fmt::format("\nmet       {}", finding.expected)
                         : fmt::format("\nexpected  {}\nseen      {}", finding.expected, finding.seen);
  }
  return lines;
}

std::string first_line_of(const CaseResult& result) {
  for (const Finding& finding : result.findings) {
    if (!finding.met) return fmt::format("expected {}; seen {}", finding.expected, finding.seen);
  }
  return "";
}

std::string junit_case(const CaseResult& result, std::string_view suite) {
  const std::string start = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                                        escaped(suite), escaped(result.tried.name), seconds(result.time));
  if (result.holds()) return start + "/>\n";
  const std::string body =
      result.no_answer.empty()
          ? fmt::format("<failure message=\"{}\">{}</failure>", escaped(first_line_of(result)),
                        escaped(lines_of(result)))
          : fmt::format("<error message=\"{}\">{}</error>", escaped("no answer: " + result.no_answer),
                        escaped(lines_of(result)));
  return fmt::format("{}>\n      {}\n    </testcase>\n", start, body);
}

}  // namespace

std::string to_json(const Report& report) {
  ordered_json json{{"ok", report.holds()}, {"attempts", report.attempts}, {"seconds", seconds(report.time)}};
  json["requests"] = ordered_json::array();
  for (const CaseResult& result : report.results) json["requests"].push_back(result_of(result));
  return text::json_text(json);
}

std::string to_junit(const Report& report, std::string_view suite) {
  std::string cases;
  int failures = 0;
  int errors = 0;
  for (const CaseResult& result : report.results) {
    cases += junit_case(result, suite);
    if (!result.no_answer.empty()) {
      ++errors;
    } else if (!result.holds()) {
      ++failures;
    }
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites>\n"
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\">\n"
      "{}"
      "  </testsuite>\n"
      "</testsuites>\n",
      escaped(suite), report.results.size(), failures, errors, seconds(report.time), cases);
}

}  // namespace wasmup::traffic
