// SPDX-License-Identifier: MIT
#include "visible.hpp"

#include <algorithm>
#include <cstddef>

namespace wasmup::text {
namespace {

/// The second byte of the UTF-8 form of U+0080 to U+009F, which are control characters too: some terminals
/// take U+009B for the start of an escape sequence.
bool is_c1_control(std::string_view text, size_t at) {
  if (static_cast<unsigned char>(text[at]) != 0xc2 || at + 1 == text.size()) return false;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next < 0xa0;
}

void add_escaped(std::string& result, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  result += "\\x";
  result += digits[byte >> 4U];
  result += digits[byte & 0xfU];
}

}  // namespace

std::string visible(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_c1_control(text, i)) {
      add_escaped(result, byte);
      add_escaped(result, static_cast<unsigned char>(text[++i]));
    } else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) {
      add_escaped(result, byte);
    } else {
      result += text[i];
    }
  }
  return result;
}

size_t width(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));  // not a continuation
}

}  // namespace wasmup::text
