// SPDX-License-Identifier: MIT
#include "visible.hpp"

#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

TEST(visible, plain_text_stays_as_it_is) { EXPECT_EQ(visible("x: a\tb\nü €"), "x: a\tb\nü €"); }
TEST(visible, an_escape_sequence_is_shown_and_not_sent) { EXPECT_EQ(visible("\x1b[31mred"), "\\x1b[31mred"); }
TEST(visible, a_carriage_return_cannot_hide_what_came_before) { EXPECT_EQ(visible("a\rb"), "a\\x0db"); }
TEST(visible, delete_and_nul_are_shown) { EXPECT_EQ(visible(std::string("\0\x7f", 2)), "\\x00\\x7f"); }
TEST(visible, a_control_character_in_two_bytes_is_shown_too) {
  EXPECT_EQ(visible("\xc2\x9b"
                    "31m"),
            "\\xc2\\x9b31m");
}
TEST(visible, a_byte_cut_off_at_the_end_is_no_reason_to_read_on) { EXPECT_EQ(visible("\xc2"), "\xc2"); }

TEST(width, counts_code_points) {
  EXPECT_EQ(width(""), 0U);
  EXPECT_EQ(width("abc"), 3U);
  EXPECT_EQ(width("für €"), 5U);
}

}  // namespace
}  // namespace wasmup::text
