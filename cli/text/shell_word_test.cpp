// SPDX-License-Identifier: MIT
#include "shell_word.hpp"

#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

TEST(shell_word, a_plain_word_stays_as_it_is) { EXPECT_EQ(shell_word("-n/a:b@c=1%+,_."), "-n/a:b@c=1%+,_."); }
TEST(shell_word, nothing_is_a_word_too) { EXPECT_EQ(shell_word(""), "''"); }
TEST(shell_word, what_a_shell_would_act_on_is_quoted) {
  EXPECT_EQ(shell_word("a; rm -rf ~"), "'a; rm -rf ~'");
  EXPECT_EQ(shell_word("$(id)"), "'$(id)'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}
TEST(shell_word, what_a_terminal_would_not_show_is_written_as_the_shell_reads_it) {
  EXPECT_EQ(shell_word("a\n'b\\\x1b\u202e"), "$'a\\n\\'b\\\\\\x1b\\u202e'");
}

}  // namespace
}  // namespace wasmup::text
