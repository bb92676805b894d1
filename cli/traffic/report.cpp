// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wasmup::traffic {
namespace {

using nlohmann::ordered_json;

constexpr size_t shown_body = 4096;

double seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

ordered_json pairs(const http::Headers& headers) {
  ordered_json list = ordered_json::array();
  for (const auto& [name, value] : headers) list.push_back({name, value});
  return list;
}

ordered_json response_of(const CaseResult& result) {
  const http::Response& response = result.response;
  return {{"status", response.status},
          {"headers", pairs(response.headers)},
          {"body", response.body.substr(0, shown_body)},
          {"body_bytes", response.body.size()},
          {"trailers", pairs(response.trailers)}};
}

ordered_json result_of(const CaseResult& result) {
  ordered_json json{{"name", result.tried.name},
                    {"ok", result.holds()},
                    {"method", result.tried.request.method},
                    {"url", result.tried.request.url},
                    {"count", result.tried.count},
                    {"sent", result.sent},
                    {"seconds", seconds(result.time)}};
  if (!result.no_answer.empty()) {
    json["no_answer"] = result.no_answer;
    return json;
  }
  json["expectations"] = ordered_json::array();
  for (const Finding& finding : result.findings) {
    ordered_json one{{"expected", finding.expected}, {"met", finding.met}};
    if (!finding.met) one["seen"] = finding.seen;
    json["expectations"].push_back(std::move(one));
  }
  json["response"] = response_of(result);
  return json;
}

/// Length of the character at the start of `text`, if it is whole, in UTF-8, and one that XML 1.0 may hold.
size_t xml_character(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' ? 1 : 0;
  const size_t size = first >= 0xF0 && first <= 0xF4 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (first > 0xF4 || size == 0 || text.size() < size) return 0;
  char32_t code = first & (0x7FU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3FU);
  }
  const bool overlong = code < (size == 4 ? 0x10000U : size == 3 ? 0x800U : 0x80U);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return overlong || surrogate || code > 0x10FFFF || code == 0xFFFE || code == 0xFFFF ? 0 : size;
}

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const size_t size = xml_character(text);
    switch (text.front()) {
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
        result += fmt::format("&#{};", static_cast<int>(text.front()));
        break;
      default:
        result += size == 0 ? fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()))
                            : std::string(text.substr(0, size));
    }
    text.remove_prefix(std::max<size_t>(size, 1));
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
  // Bytes that are no UTF-8 become U+FFFD.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
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
