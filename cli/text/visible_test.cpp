// SPDX-License-Identifier: MIT
#include "visible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(visible, plain_text_stays_as_it_is) { EXPECT_EQ(visible("x: a\\b ü € 漢 🙂"), "x: a\\b ü € 漢 🙂"); }
TEST(visible, an_escape_sequence_is_shown_and_not_sent) { EXPECT_EQ(visible("\x1b[31mred"), "\\x1b[31mred"); }
TEST(visible, is_one_line) { EXPECT_EQ(visible("a\r\n\tb"), "a\\r\\n\\tb"); }
TEST(visible, lines_stay_lines_if_they_are_to) {
  EXPECT_EQ(visible_lines("a\r\n\tb\v\n"), "a\\r\n\tb\\x0b\n");
}
TEST(visible, delete_and_nul_are_shown) { EXPECT_EQ(visible(std::string("\0\x7f", 2)), "\\x00\\x7f"); }
TEST(visible, a_control_character_in_two_bytes_is_shown_too) {
  EXPECT_EQ(visible("\u009b[31m"), "\\u009b[31m");
}

TEST(visible, nothing_turns_the_direction_of_reading_or_hides) {
  for (const char* text :
       {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066",     "\u2067",    "\u2068", "\u2069",
        "\u200e", "\u200f", "\u061c", "\u2028", "\u2029", "\u200b",     "\u200c",    "\u200d", "\u2060",
        "\ufeff", "\u00ad", "\ufe0f", "\u3164", "\u0085", "\U000e0041", "\U000e01ef"}) {
    EXPECT_TRUE(visible(text).starts_with('\\')) << visible(text);
    EXPECT_TRUE(visible_lines(text).starts_with('\\')) << visible(text);
  }
  EXPECT_EQ(visible("\u202e"), "\\u202e");
  EXPECT_EQ(visible("\U000e0041"), "\\U000e0041");
}

TEST(visible, bytes_that_are_no_text_are_shown) {
  EXPECT_EQ(visible("\x80\x9b"), "\\x80\\x9b");
  EXPECT_EQ(visible("\xc2"), "\\xc2");
  EXPECT_EQ(visible("\xc0\x8a"), "\\xc0\\x8a");                    // a newline in two bytes
  EXPECT_EQ(visible("\xe0\x80\x8a"), "\\xe0\\x80\\x8a");           // in three
  EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // half a pair
  EXPECT_EQ(visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond the end
  EXPECT_EQ(visible("\xe2\x80"), "\\xe2\\x80");
  EXPECT_EQ(visible("\xff"
                    "a"),
            "\\xffa");
}

/// Whatever the bytes, no byte of the result acts on a terminal, and once is enough.
TEST(visible, of_all_pairs_of_bytes_none_gets_through) {
  for (int one = 0; one < 256; ++one) {
    for (int other = 0; other < 256; ++other) {
      const std::string shown = visible(std::string{char(one), char(other)});
      for (const char c : shown) EXPECT_FALSE((c >= 0 && c < 0x20) || c == 0x7f);
      EXPECT_EQ(visible(shown), shown);
    }
  }
}

TEST(lines_of, are_without_their_ends) {
  EXPECT_THAT(lines_of("a\n\nb\n"), ElementsAre("a", "", "b"));
  EXPECT_THAT(lines_of(""), IsEmpty());
}

TEST(width, counts_code_points) {
  EXPECT_EQ(width(""), 0U);
  EXPECT_EQ(width("abc"), 3U);
  EXPECT_EQ(width("für €"), 5U);
}

}  // namespace
}  // namespace wasmup::text
