// SPDX-License-Identifier: MIT
#include "expectation.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wasmup::traffic {
namespace {

constexpr std::string_view status_name = ":status";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// A header's name (RFC 9110 token), or the one thing that is not a header.
bool is_name(std::string_view text) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return text == status_name || (!text.empty() && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || others.contains(static_cast<char>(c));
         }));
}

std::vector<std::string> values_in(const http::Response& response, const std::string& name) {
  if (name == status_name) return {std::to_string(response.status)};
  return response.values(name);
}

}  // namespace

Expected<std::vector<Expectation>> parse_expectations(const std::vector<std::string>& texts) {
  std::vector<Expectation> expectations;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const std::string name = lower(text.substr(0, equals));
    if (equals == text.npos || !is_name(name)) {
      return std::unexpected(
          Error{ExitCode::usage, fmt::format("--expect does not understand '{}'", text),
                equals == text.npos ? "there is no = in it" : "what is before the = is no header name",
                "--expect NAME=VALUE, such as --expect x-wasm-custom=FOO or --expect :status=200"});
    }
    auto known = std::ranges::find(expectations, name, &Expectation::name);
    if (known == expectations.end()) known = expectations.insert(known, {name, {}});
    known->values.push_back(text.substr(equals + 1));
  }
  return expectations;
}

std::string to_string(const Expectation& expectation) {
  const std::string line = fmt::format("{}: {}", expectation.name, fmt::join(expectation.values, ", then "));
  return expectation.values.size() == 1 && expectation.name != status_name ? line + ", exactly once" : line;
}

bool is_met(const Expectation& expectation, const http::Response& response) {
  return values_in(response, expectation.name) == expectation.values;
}

std::string seen_instead(const Expectation& expectation, const http::Response& response) {
  const std::vector<std::string> values = values_in(response, expectation.name);
  if (values.empty()) return "no " + expectation.name;
  return fmt::format("{}: {}", expectation.name, fmt::join(values, ", then "));
}

}  // namespace wasmup::traffic
