// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace wasmup::wasm {

enum class TokenKind {
  word,       ///< an identifier or a keyword
  literal,    ///< a string, a character or a number
  mark,       ///< one character of punctuation; `::` and `->` are one mark
  directive,  ///< a whole line of the preprocessor, from `#` on, with those that continue it
  end
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text = {};
  size_t offset = 0;
};

struct Place {
  size_t line = 1;
  size_t column = 1;  ///< in bytes, as compilers count
};

/// The tokens of C++ source, without comments and blanks. Each byte is looked at once or twice, whatever the
/// source is: what never ends (a comment, a string) ends with the source.
class SourceTokens {
 public:
  explicit SourceTokens(std::string_view text) : text_(text) {}

  Token next();

  /// Of a token, the last one or a later one than asked for before: lines are counted as it goes on.
  Place place_of(const Token&);

 private:
  char at(size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  bool starts_with(std::string_view mark) const { return text_.substr(at_).starts_with(mark); }
  void skip_past(std::string_view end);
  void skip_line_comment();
  bool skip_comment();
  /// To the end of the line where a backslash does not continue it.
  void skip_directive();
  /// Up to the same quote, or to the end of the line.
  void skip_quoted(char quote);
  void skip_raw_string();
  void skip_number();
  TokenKind skip_word();
  TokenKind skip_token();

  std::string_view text_;
  size_t at_ = 0;
  bool starts_line_ = true;  ///< nothing but blanks and comments since the last end of a line
  size_t counted_ = 0;       ///< up to here
  size_t line_start_ = 0;
  size_t line_ = 1;
};

}  // namespace wasmup::wasm
