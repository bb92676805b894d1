// SPDX-License-Identifier: MIT
#include "visible.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace wasmup::text {
namespace {

struct Character {
  char32_t code = 0;
  size_t size = 0;  ///< in bytes; none: it is no UTF-8
};

Character first_of(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return {};
  char32_t code = first & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool is_overlong = code < (size == 4 ? 0x10000U : size == 3 ? 0x800U : 0x80U);
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (is_overlong || is_surrogate || code > 0x10ffff) return {};
  return {code, size};
}

/// What changes how other text looks, or does not show at all: Unicode's control and format characters, line
/// and paragraph separators, fillers, variation selectors, tags, and what is no character.
bool misleads(char32_t code) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 24> ranges{{
      {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},     {0x34f, 0x34f},     {0x61c, 0x61c},
      {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f}, {0x200b, 0x200f},   {0x2028, 0x202e},
      {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
      {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff}, {0x13430, 0x1345f}, {0x1bca0, 0x1bca3},
      {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, {0x600, 0x605},   {0x6dd, 0x6dd},
  }};
  const bool is_none = (code & 0xfffeU) == 0xfffe;
  return is_none || std::ranges::any_of(ranges, [code](const auto& range) {
           return code >= range.first && code <= range.second;
         });
}

void add_hex(std::string& result, char32_t number, int digits) {
  for (int at = digits - 1; at >= 0; --at) result += "0123456789abcdef"[number >> (4U * unsigned(at)) & 0xfU];
}

/// As shells and most languages write it.
void add_escaped(std::string& result, char32_t code) {
  switch (code) {
    case '\n':
      result += "\\n";
      return;
    case '\t':
      result += "\\t";
      return;
    case '\r':
      result += "\\r";
      return;
    default:
      break;
  }
  const bool is_long = code > 0xffff;
  result += code < 0x80 ? "\\x" : is_long ? "\\U" : "\\u";
  add_hex(result, code, code < 0x80 ? 2 : is_long ? 8 : 4);
}

std::string shown(std::string_view text, std::string_view kept) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto [code, size] = first_of(text);
    if (size == 0) {
      result += "\\x";
      add_hex(result, static_cast<unsigned char>(text.front()), 2);
    } else if (misleads(code) && (code > 0x7f || !kept.contains(static_cast<char>(code)))) {
      add_escaped(result, code);
    } else {
      result += text.substr(0, size);
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return result;
}

}  // namespace

std::string visible(std::string_view text) { return shown(text, ""); }

std::string visible_lines(std::string_view text) { return shown(text, "\n\t"); }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

size_t width(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));  // not a continuation
}

}  // namespace wasmup::text
