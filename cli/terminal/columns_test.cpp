// SPDX-License-Identifier: MIT
#include "columns.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

#include "../text/visible.hpp"

namespace wasmup::terminal {
namespace {

TEST(side_by_side, puts_the_right_column_behind_the_longest_left_one) {
  EXPECT_EQ(side_by_side({{.left = "a: 1", .right = "a: 1"}, {.mark = '+', .right = "bb: 22"}}, 80, false),
            "    a: 1  a: 1\n"
            "  +       bb: 22\n");
}

TEST(side_by_side, leaves_no_blanks_at_the_end) {
  EXPECT_EQ(side_by_side({{.mark = '-', .left = "a: 1"}}, 80, false), "  - a: 1\n");
}

TEST(side_by_side, nothing_is_wider_than_the_terminal_and_nothing_is_lost) {
  const std::string longest(300, 'x');
  for (const size_t width : {40U, 80U, 81U, 120U}) {
    for (const Line& line : {Line{.left = longest, .right = "b"}, Line{.left = "a", .right = longest},
                             Line{.left = longest, .right = longest}}) {
      std::istringstream text(side_by_side({line}, width, false));
      size_t letters = 0;
      for (std::string row; std::getline(text, row);) {
        EXPECT_LE(row.size(), width);
        letters += static_cast<size_t>(std::count(row.begin(), row.end(), 'x'));
      }
      EXPECT_EQ(letters,
                line.left.size() + line.right.size() - (line.left.size() == line.right.size() ? 0U : 1U));
    }
  }
}

TEST(side_by_side, what_goes_on_in_the_next_line_is_indented) {
  EXPECT_EQ(side_by_side({{.mark = '~', .left = "name: 12345678901234567890", .right = "b"}}, 26, false),
            "  ~ name: 1234567890123  b\n"
            "      4567890\n");
}

TEST(side_by_side, letters_of_two_bytes_take_one_column) {
  EXPECT_EQ(side_by_side({{.left = "ü", .right = "a"}, {.left = "uu", .right = "b"}}, 80, false),
            "    ü   a\n"
            "    uu  b\n");
}

TEST(side_by_side, a_line_has_its_colour_only_where_there_is_colour) {
  const std::vector<Line> lines{{.mark = '+', .right = "b", .style = Style::good}};
  EXPECT_EQ(side_by_side(lines, 80, true), "\x1b[32m  +   b\x1b[0m\n");
  EXPECT_EQ(side_by_side(lines, 80, false), "  +   b\n");
}

}  // namespace
}  // namespace wasmup::terminal
