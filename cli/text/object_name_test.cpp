// SPDX-License-Identifier: MIT
#include "object_name.hpp"

#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

TEST(object_name, is_a_subdomain) {
  for (const char* text : {"a", "0", "a-b", "a.b-c.d", "7up"}) EXPECT_TRUE(is_object_name(text)) << text;
  EXPECT_TRUE(is_object_name(std::string(253, 'a')));
}

TEST(object_name, is_nothing_that_a_program_could_take_for_something_else) {
  for (const char* text :
       {"",    "-",   "--all", "-n",  "a-",   ".a",        "a.",           "a..b", "a.-b", "A",  "a b", "a\n",
        "a/b", "a,b", "a=b",   "a;b", "$(a)", "a\xc3\xbc", "\xe2\x80\xae", "*",    "a_b",  "@a", "a:b"}) {
    EXPECT_FALSE(is_object_name(text)) << text;
    EXPECT_FALSE(is_label(text)) << text;
  }
  EXPECT_FALSE(is_object_name(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_object_name(std::string(254, 'a')));
}

TEST(label, has_no_dots_and_an_end) {
  EXPECT_TRUE(is_label("wasmup-demo"));
  EXPECT_FALSE(is_label("a.b"));
  EXPECT_TRUE(is_label(std::string(63, 'a')));
  EXPECT_FALSE(is_label(std::string(64, 'a')));
}

}  // namespace
}  // namespace wasmup::text
