// SPDX-License-Identifier: MIT
#include "object_name.hpp"

#include <algorithm>
#include <cstddef>

namespace wasmup::text {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_word(std::string_view text) {
  return !text.empty() && is_letter_or_digit(text.front()) && is_letter_or_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

bool is_object_name(std::string_view text) {
  constexpr size_t longest = 253;
  if (text.size() > longest) return false;
  while (true) {
    const size_t dot = text.find('.');
    if (!is_word(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_label(std::string_view text) {
  constexpr size_t longest = 63;
  return text.size() <= longest && is_word(text);
}

}  // namespace wasmup::text
