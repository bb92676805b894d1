// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string>

#include <wasmup/header_text.hpp>

using namespace wasmup;

static_assert(is_header_name("x-wasm-custom") && is_header_name("X_1!#$%&'*+-.^`|~"));
static_assert(!is_header_name("") && !is_header_name("a b") && !is_header_name("a:") &&
              !is_header_name(":path"));
static_assert(is_pseudo_header_name(":path") && !is_pseudo_header_name(":") &&
              !is_pseudo_header_name("path") && !is_pseudo_header_name("::path"));
static_assert(is_header_value("") && is_header_value("any \t text \x80") && !is_header_value("a\rb") &&
              !is_header_value("a\nb") && !is_header_value({"a\0b", 3}));

TEST(HeaderText, accepts_exactly_the_token_characters) {
  const std::string others = "\"(),/:;<=>?@[\\]{} \t\r\n";
  for (int c = 0; c != 256; ++c) {
    const std::string name(1, static_cast<char>(c));
    const bool expected = c > 0x20 && c < 0x7F && others.find(name) == std::string::npos;
    EXPECT_EQ(is_header_name(name), expected) << "character " << c;
  }
}

TEST(HeaderText, is_checked_when_it_is_only_known_at_run_time) {
  EXPECT_TRUE(HeaderName(std::string(":path")).valid());
  EXPECT_FALSE(RegularHeaderName(std::string(":path")).valid());
  EXPECT_FALSE(HeaderName(std::string_view("x\ny")).valid());
  EXPECT_FALSE(HeaderValue(std::string("a\r\nb: c")).valid());
  EXPECT_TRUE(HeaderValue(std::string("plain")).valid());
}
