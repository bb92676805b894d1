// SPDX-License-Identifier: MIT
#include "style.hpp"

#include <fmt/format.h>

namespace wasmup::terminal {
namespace {

std::string_view code(Style style) {
  switch (style) {
    case Style::faint:
      return "2";
    case Style::good:
      return "32";
    case Style::warning:
      return "33";
    case Style::bad:
      return "31";
    case Style::plain:
      break;
  }
  return "";
}

}  // namespace

std::string styled(std::string_view text, Style style, bool colour) {
  if (!colour || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code(style), text);
}

}  // namespace wasmup::terminal
