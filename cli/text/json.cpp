// SPDX-License-Identifier: MIT
#include "json.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <type_traits>

namespace wasmup::text {
namespace {

constexpr size_t most_bytes = size_t{64} << 20;
constexpr size_t most_levels = 100;
constexpr size_t most_values = 4'000'000;
constexpr size_t most_names_in_order =
    20'000;  // nlohmann's ordered objects look through all for each new one

/// Where the string that begins at `at` ends: at its last quote, or with the text.
size_t end_of_string(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

/// Why a text is not parsed; empty if there is no such reason. It need not be JSON.
std::string excess_of(std::string_view text) {
  if (text.size() > most_bytes) return fmt::format("it is larger than {} MiB", most_bytes >> 20);
  size_t levels = 0;
  size_t values = 1;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
    } else if (c == '[' || c == '{') {
      ++values;
      if (++levels > most_levels) return fmt::format("byte {}: more than {} levels", at + 1, most_levels);
    } else if (c == ']' || c == '}') {
      if (levels > 0) --levels;
    } else if (c == ',' && ++values > most_values) {
      return fmt::format("byte {}: more than {} values", at + 1, most_values);
    }
  }
  return values > most_values ? fmt::format("it has more than {} values", most_values) : "";
}

/// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." without its head.
std::string reason_of(std::string_view message) {
  const size_t place = message.find("line ");
  return std::string(place == message.npos ? message : message.substr(place));
}

template <class Json>
Json parse(std::string_view text) {
  if constexpr (std::is_same_v<Json, nlohmann::ordered_json>) {
    const bool has_many_names = std::ranges::count(text, ':') > std::ptrdiff_t{most_names_in_order};
    if (has_many_names) return Json(nlohmann::json::parse(text));
  }
  return Json::parse(text);
}

}  // namespace

template <class Json>
std::expected<Json, std::string> read_json(std::string_view text) {
  if (std::string excess = excess_of(text); !excess.empty()) return std::unexpected(std::move(excess));
  try {
    return parse<Json>(text);
  } catch (const nlohmann::json::exception& error) {  // a number may be too large, too
    return std::unexpected(reason_of(error.what()));
  }
}

template std::expected<nlohmann::json, std::string> read_json(std::string_view);
template std::expected<nlohmann::ordered_json, std::string> read_json(std::string_view);

}  // namespace wasmup::text
