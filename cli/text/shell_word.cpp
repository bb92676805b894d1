// SPDX-License-Identifier: MIT
#include "shell_word.hpp"

#include <algorithm>
#include <cctype>

#include "visible.hpp"

namespace wasmup::text {
namespace {

/// As $'...', with escapes, as bash, zsh and ksh take it.
std::string escaped(std::string_view text) {
  std::string result = "$'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') result += '\\';
    result += c;
  }
  return visible(result) + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  static constexpr std::string_view plain = "-_./:=@%+,";
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || plain.contains(static_cast<char>(c));
  });
  if (is_plain) return std::string(text);
  if (visible(text) != text) return escaped(text);
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace wasmup::text
