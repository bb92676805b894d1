// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "style.hpp"

namespace wasmup::terminal {

/// A line of two columns behind a mark.
struct Line {
  char mark = ' ';
  std::string left = {};
  std::string right = {};
  Style style = Style::plain;
};

/// The lines, their text made visible, at most `width` columns wide: what is longer than its column goes on
/// in the next line.
std::string side_by_side(std::vector<Line> lines, size_t width, bool colour);

}  // namespace wasmup::terminal
