// SPDX-License-Identifier: MIT
#include "columns.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "../text/visible.hpp"

namespace wasmup::terminal {
namespace {

constexpr size_t margin = 4;   // "  + "
constexpr size_t between = 2;  // columns apart
constexpr size_t narrowest = 10;
constexpr std::string_view indent = "  ";  // of what goes on in the next line

/// As many bytes as make `columns` code points.
size_t bytes_of(std::string_view text, size_t columns) {
  size_t end = 0;
  for (size_t seen = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0U) != 0x80;
    if (starts && seen++ == columns) break;
  }
  return end;
}

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
  std::vector<std::string> pieces;
  for (std::string_view start; text::width(start) + text::width(text) > columns; start = indent) {
    const size_t end = bytes_of(text, columns - start.size());
    pieces.push_back(std::string(start) + std::string(text.substr(0, end)));
    text.remove_prefix(end);
  }
  if (pieces.empty()) return {std::string(text)};
  pieces.push_back(std::string(indent) + std::string(text));
  return pieces;
}

std::string padded(const std::string& text, size_t columns) {
  const size_t taken = text::width(text);
  return taken < columns ? text + std::string(columns - taken, ' ') : text;
}

std::string piece(const std::vector<std::string>& pieces, size_t index) {
  return index < pieces.size() ? pieces[index] : std::string();
}

}  // namespace

std::string side_by_side(std::vector<Line> lines, size_t width, bool colour) {
  for (Line& line : lines) {
    line.left = text::visible(line.left);
    line.right = text::visible(line.right);
  }
  size_t widest_left = 0;
  size_t widest_right = 0;
  for (const Line& line : lines) {
    widest_left = std::max(widest_left, text::width(line.left));
    widest_right = std::max(widest_right, text::width(line.right));
  }
  // Each column gets what it needs, and half of the room when both need more.
  const size_t room = std::max(width, margin + between + 2 * narrowest) - margin - between;
  const size_t half = room / 2;
  const size_t left = widest_left <= half
                          ? widest_left
                          : std::min(widest_left, std::max(half, room - std::min(room, widest_right)));
  const size_t right = room - left;

  std::string text;
  for (const Line& line : lines) {
    const std::vector<std::string> lefts = wrapped(line.left, left);
    const std::vector<std::string> rights = wrapped(line.right, right);
    for (size_t i = 0; i < std::max(lefts.size(), rights.size()); ++i) {
      std::string row = fmt::format("  {} {}{:{}}{}", i == 0 ? line.mark : ' ', padded(piece(lefts, i), left),
                                    "", between, piece(rights, i));
      row.erase(row.find_last_not_of(' ') + 1);
      text += styled(row, line.style, colour) + "\n";
    }
  }
  return text;
}

}  // namespace wasmup::terminal
