// SPDX-License-Identifier: MIT
#include "secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace wasmup::text {
namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view quotes = "'\"`";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; }

struct Name {
  std::string_view text;
  bool is_quoted = false;
};

/// The name before the "=" or ":" at `end`; in JSON, a quote and blanks stand between.
Name name_before(std::string_view text, size_t end) {
  const size_t quote = text.substr(0, end).find_last_not_of(' ');
  const bool is_quoted = quote != text.npos && quotes.contains(text[quote]);
  if (is_quoted) end = quote;
  size_t begin = end;
  while (begin > 0 && is_of_name(text[begin - 1])) --begin;
  return {text.substr(begin, end - begin), is_quoted};
}

/// Values that may hold blanks and the like.
bool is_whole_line(std::string_view name) {
  const std::string its = lower(name);
  return its.contains("authorization") || its.contains("cookie");
}

/// In a sentence, "the key: ..." is no secret.
bool is_field(const Name& name) {
  return name.is_quoted || is_whole_line(name.text) || name.text.find_first_of("-_") != name.text.npos ||
         lower(name.text) == "password";
}

size_t end_of_value(std::string_view text, size_t begin, bool whole_line) {
  if (begin < text.size() && quotes.contains(text[begin])) {
    return std::min(text.find(text[begin], begin + 1), text.size());
  }
  const std::string ends =
      whole_line ? "\r\n'\"`" : "&;#,<>)}]\\" + std::string(blanks) + std::string(quotes);
  return std::min(text.find_first_of(ends, begin), text.size());
}

/// Where the secret begins that stands behind the "=" or ":" at `at`; `at` if there is none.
size_t begin_of_secret(std::string_view text, size_t at) {
  const Name name = name_before(text, at);
  if (!is_secret(name.text)) return at;
  size_t begin = at + 1;
  if (text[at] == ':') {
    if (!is_field(name)) return at;
    while (begin < text.size() && text[begin] == ' ') ++begin;
  }
  if (begin < text.size() && quotes.contains(text[begin])) ++begin;
  return begin < text.size() && !text.substr(begin).starts_with(mask) ? begin : at;
}

/// Where a URL's user begins, whose "@" is at `at`; `at` if it is none: "name@sha256:..." is an image.
size_t begin_of_user(std::string_view text, size_t at) {
  static const std::string ends = "/<>(,=" + std::string(blanks) + std::string(quotes);
  if (text.substr(at).starts_with("@sha256:")) return at;
  const size_t before = text.substr(0, at).find_last_of(ends);
  const size_t begin = before == text.npos ? 0 : before + 1;
  const bool is_url = begin >= 3 && text.substr(begin - 3, 3) == "://";
  const bool has_password = text.substr(begin, at - begin).contains(':');
  return is_url || has_password ? begin : at;
}

/// A password may have an "@" in it, too: the last one before the host counts.
size_t last_at_sign(std::string_view text, size_t at) {
  static const std::string ends = "/?#<>)" + std::string(blanks) + std::string(quotes);
  const size_t end = std::min(text.find_first_of(ends, at), text.size());
  return text.substr(0, end).rfind('@');
}

}  // namespace

bool is_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 13> parts{
      "authorization", "cookie",  "token",      "secret",    "password", "passwd", "apikey",
      "api-key",       "api_key", "credential", "signature", "session",  "jwt"};
  static constexpr std::array<std::string_view, 8> words{"key",  "sig", "auth", "pwd",
                                                         "pass", "sid", "pin",  "passphrase"};
  const std::string its = lower(name);
  if (std::ranges::any_of(parts, [&](std::string_view part) { return its.contains(part); })) return true;
  const std::string last = its.substr(its.find_last_of("-_.") + 1);
  return std::ranges::find(words, last) != words.end();
}

std::string masked(std::string_view name, std::string_view value) {
  return is_secret(name) && !value.empty() ? std::string(mask) : masked(value);
}

std::string masked(std::string_view text) {
  std::string result;
  size_t copied = 0;
  const auto hide = [&](size_t begin, size_t end) {
    result.append(text.substr(copied, begin - copied)).append(mask);
    copied = end;
  };
  for (size_t at = text.find_first_of("@=:"); at != text.npos; at = text.find_first_of("@=:", at + 1)) {
    if (text[at] == '@') {
      const size_t begin = std::max(begin_of_user(text, at), copied);
      if (begin >= at) continue;
      at = last_at_sign(text, at);
      if (text.substr(begin, at - begin) != mask) hide(begin, at);
      continue;
    }
    const size_t begin = begin_of_secret(text, at);
    if (begin == at || begin < copied) continue;
    const bool is_quoted = quotes.contains(text[begin - 1]);
    const size_t end =
        end_of_value(text, is_quoted ? begin - 1 : begin, is_whole_line(name_before(text, at).text));
    if (end <= begin) continue;
    hide(begin, end);
    at = end - 1;
  }
  return result.append(text.substr(copied));
}

}  // namespace wasmup::text
