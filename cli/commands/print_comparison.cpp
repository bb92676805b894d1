// SPDX-License-Identifier: MIT
#include "print_comparison.hpp"

#include <vector>

#include "../terminal/columns.hpp"
#include "../traffic/comparison.hpp"

namespace wasmup::commands {
namespace {

using terminal::Style;

terminal::Line shown(const traffic::Difference& difference) {
  terminal::Line line{' ', difference.without, difference.with, Style::plain};
  switch (difference.change) {
    case traffic::Change::none:
      break;
    case traffic::Change::added:
      line.mark = '+';
      line.style = Style::good;
      break;
    case traffic::Change::changed:
      line.mark = '~';
      line.style = Style::warning;
      break;
    case traffic::Change::removed:
      line.mark = '-';
      line.style = Style::bad;
      break;
  }
  return line;
}

}  // namespace

void print_comparison(terminal::Terminal& terminal, const http::Response& without,
                      const http::Response& with) {
  std::vector<terminal::Line> lines{{' ', "without the filter", "with the filter", Style::faint}};
  for (const traffic::Difference& difference : traffic::compare(without, with)) {
    lines.push_back(shown(difference));
  }
  terminal.print(lines);
}

}  // namespace wasmup::commands
