// SPDX-License-Identifier: MIT
#include "header.hpp"

#include <gtest/gtest.h>

namespace wasmup::http {
namespace {

TEST(header, names_are_tokens) {
  for (const char* name : {"a", "X-Wasm-Custom", "x_1", "!#$%&'*+-.^_`|~"})
    EXPECT_TRUE(is_token(name)) << name;
  for (const char* name : {"", "a b", "a:", ":path", "a\n", "\xC3\xA9", "a(b)"})
    EXPECT_FALSE(is_token(name)) << name;
}

TEST(header, names_are_compared_in_lower_case) { EXPECT_EQ(lower("X-Wasm-\xC4"), "x-wasm-\xC4"); }

TEST(header, a_line_end_or_a_nul_makes_two_of_one_line) {
  EXPECT_TRUE(is_one_line("a\tb"));
  EXPECT_FALSE(is_one_line("a\nb"));
  EXPECT_FALSE(is_one_line("a\r"));
  EXPECT_FALSE(is_one_line(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace wasmup::http
