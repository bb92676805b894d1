// SPDX-License-Identifier: MIT
#include "source_tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace wasmup::wasm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> tokens_of(std::string_view text) {
  SourceTokens tokens(text);
  std::vector<std::string> found;
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    found.emplace_back(token.text);
  }
  return found;
}

std::vector<TokenKind> kinds_of(std::string_view text) {
  SourceTokens tokens(text);
  std::vector<TokenKind> found;
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    found.push_back(token.kind);
  }
  return found;
}

TEST(source_tokens, are_words_literals_and_marks) {
  EXPECT_THAT(tokens_of("int a::b(->\"x\", 'y');"),
              ElementsAre("int", "a", "::", "b", "(", "->", "\"x\"", ",", "'y'", ")", ";"));
  EXPECT_THAT(kinds_of("a \"b\" ;"), ElementsAre(TokenKind::word, TokenKind::literal, TokenKind::mark));
}

TEST(source_tokens, leave_comments_out) {
  EXPECT_THAT(tokens_of("a // b \" /* \nc /* d // \n e */ f"), ElementsAre("a", "c", "f"));
  EXPECT_THAT(tokens_of("a // b \\\n still b\nc"), ElementsAre("a", "c"));
  EXPECT_THAT(tokens_of("a // b \\\r\n still b\r\nc"), ElementsAre("a", "c"));
}

TEST(source_tokens, strings_end_at_their_own_quote) {
  EXPECT_THAT(tokens_of(R"("a\"b" c)"), ElementsAre(R"("a\"b")", "c"));
  EXPECT_THAT(tokens_of(R"('\'' "//" u8"x" L'y' b)"),
              ElementsAre(R"('\'')", R"("//")", "u8\"x\"", "L'y'", "b"));
}

TEST(source_tokens, raw_strings_end_at_their_own_delimiter) {
  EXPECT_THAT(tokens_of("R\"x(a )\" \n b)x\" c"), ElementsAre("R\"x(a )\" \n b)x\"", "c"));
  EXPECT_THAT(tokens_of("u8R\"(a\\)\" c"), ElementsAre("u8R\"(a\\)\"", "c"));
  EXPECT_THAT(tokens_of("FOUR\"a\" c"), ElementsAre("FOUR", "\"a\"", "c"));
}

TEST(source_tokens, numbers_may_have_quotes_and_signs) {
  EXPECT_THAT(tokens_of("1'000 0x1p-3 .5e+2 1-a"), ElementsAre("1'000", "0x1p-3", ".5e+2", "1", "-", "a"));
}

TEST(source_tokens, a_directive_is_its_whole_line) {
  EXPECT_THAT(tokens_of("a # b\n  # define x \\\n y // z\nc"),
              ElementsAre("a", "#", "b", "# define x \\\n y // z", "c"));
  EXPECT_THAT(tokens_of("#error don't\na"), ElementsAre("#error don't", "a"));
}

TEST(source_tokens, what_never_ends_ends_with_the_source) {
  for (const char* text : {"/* a", "\"a", "'", "R\"(a", "R\"a", "// a\\\n", "#a\\", "#a /* b", "\"\\"}) {
    EXPECT_LE(tokens_of(text).size(), 2U) << text;
  }
  EXPECT_THAT(tokens_of(std::string_view("\0\0", 2)), IsEmpty());
}

TEST(source_tokens, are_placed_by_line_and_column) {
  SourceTokens tokens("a\n  /* \n */ b c");
  tokens.next();
  const Token b = tokens.next();
  const Token c = tokens.next();
  EXPECT_EQ(tokens.place_of(b).line, 3U);
  EXPECT_EQ(tokens.place_of(b).column, 5U);
  EXPECT_EQ(tokens.place_of(c).column, 7U);
}

}  // namespace
}  // namespace wasmup::wasm
