// SPDX-License-Identifier: MIT
#include "expectation.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../http/header.hpp"
#include "../text/secrets.hpp"

namespace wasmup::traffic {
namespace {

using Of = Expectation::Of;

constexpr std::string_view status_name = ":status";
constexpr size_t shown_bytes = 200;

/// A header's name, or the one thing that is not a header.
bool is_name(std::string_view text) { return text == status_name || http::is_token(text); }

bool is_of_body(const Expectation& expectation) {
  return expectation.of != Of::header && expectation.of != Of::trailer;
}

std::vector<std::string> values_in(const http::Response& response, const Expectation& expectation) {
  if (expectation.of == Of::trailer) return http::values(response.trailers, expectation.name);
  if (expectation.name == status_name) return {std::to_string(response.status)};
  return response.values(expectation.name);
}

/// "x-a: 1, then 2", or "no x-a".
std::string line(const Expectation& expectation, const std::vector<std::string>& values) {
  const std::string_view kind = expectation.of == Of::trailer ? "trailer " : "";
  if (values.empty()) return fmt::format("no {}{}", kind, expectation.name);
  if (expectation.name == status_name) return fmt::format("status {}", fmt::join(values, ", then "));
  std::vector<std::string> shown;
  shown.reserve(values.size());
  for (const std::string& value : values) shown.push_back(text::masked(expectation.name, value));
  return fmt::format("{}{}: {}", kind, expectation.name, fmt::join(shown, ", then "));
}

std::string without_line_ends(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      result += c;
    }
  }
  return result;
}

/// The beginning of a text that may be long, in one line.
std::string quoted(std::string_view text) {
  if (text.size() <= shown_bytes) return fmt::format("'{}'", without_line_ends(text));
  size_t end = shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // whole characters
  return fmt::format("'{}...' ({} bytes)", without_line_ends(text.substr(0, end)), text.size());
}

}  // namespace

Expected<std::vector<Expectation>> parse_expectations(const std::vector<std::string>& texts,
                                                      std::string_view flag) {
  std::vector<Expectation> expectations;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const std::string name = http::lower(text.substr(0, equals));
    if (equals == text.npos || !is_name(name)) {
      return std::unexpected(
          Error{ExitCode::usage, fmt::format("{} does not understand '{}'", flag, text),
                equals == text.npos ? "there is no = in it" : "what is before the = is no header name",
                fmt::format("{0} NAME=VALUE, such as {0} x-wasm-custom=FOO or {0} :status=200", flag)});
    }
    auto known = std::ranges::find(expectations, name, &Expectation::name);
    if (known == expectations.end()) known = expectations.insert(known, {name, {}});
    known->values.push_back(text.substr(equals + 1));
  }
  return expectations;
}

std::string to_string(const Expectation& expectation) {
  switch (expectation.of) {
    case Of::body:
      return "the body " + quoted(expectation.values.front());
    case Of::part_of_body:
      return "a body with " + quoted(expectation.values.front());
    case Of::not_in_body:
      return "a body without " + quoted(expectation.values.front());
    case Of::header:
    case Of::trailer:
      break;
  }
  const bool once = expectation.values.size() == 1 && expectation.name != status_name;
  return line(expectation, expectation.values) + (once ? ", exactly once" : "");
}

bool is_met(const Expectation& expectation, const http::Response& response) {
  switch (expectation.of) {
    case Of::body:
      return response.body == expectation.values.front();
    case Of::part_of_body:
      return response.body.contains(expectation.values.front());
    case Of::not_in_body:
      return !response.body.contains(expectation.values.front());
    case Of::header:
    case Of::trailer:
      break;
  }
  return values_in(response, expectation) == expectation.values;
}

std::string seen_instead(const Expectation& expectation, const http::Response& response) {
  if (is_of_body(expectation)) {
    return response.body.empty() ? "no body" : "the body " + quoted(response.body);
  }
  return line(expectation, values_in(response, expectation));
}

}  // namespace wasmup::traffic
