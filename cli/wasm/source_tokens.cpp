// SPDX-License-Identifier: MIT
#include "source_tokens.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace wasmup::wasm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of names in other scripts are letters too.
bool is_of_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0'; }

bool introduces_string(std::string_view word) {
  return word == "L" || word == "u" || word == "U" || word == "u8";
}

bool introduces_raw_string(std::string_view word) {
  return word.ends_with('R') && (word.size() == 1 || introduces_string(word.substr(0, word.size() - 1)));
}

}  // namespace

void SourceTokens::skip_past(std::string_view end) {
  const size_t found = text_.find(end, at_);
  at_ = found == text_.npos ? text_.size() : found + end.size();
}

void SourceTokens::skip_line_comment() {
  while (at_ < text_.size()) {
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    const size_t last = end > at_ && at(end - 1) == '\r' ? end - 1 : end;
    const bool goes_on = end < text_.size() && last > at_ && at(last - 1) == '\\';
    at_ = end;
    if (!goes_on) return;
    ++at_;
  }
}

bool SourceTokens::skip_comment() {
  if (starts_with("//")) {
    skip_line_comment();
    return true;
  }
  if (!starts_with("/*")) return false;
  at_ += 2;
  skip_past("*/");
  return true;
}

void SourceTokens::skip_directive() {
  while (at_ < text_.size() && at(at_) != '\n') {
    const char c = at(at_);
    if (c == '\\') {
      at_ += at(at_ + 1) == '\r' && at(at_ + 2) == '\n' ? 3 : 2;
    } else if (c == '"' || c == '\'') {
      skip_quoted(c);
    } else if (!skip_comment()) {
      ++at_;
    }
  }
  at_ = std::min(at_, text_.size());
}

void SourceTokens::skip_quoted(char quote) {
  ++at_;
  while (at_ < text_.size() && at(at_) != quote) {
    if (at(at_) == '\n') return;
    at_ += at(at_) == '\\' ? 2 : 1;
  }
  at_ = std::min(at_ + 1, text_.size());
}

/// From its quote on: "delimiter( ... )delimiter".
void SourceTokens::skip_raw_string() {
  constexpr size_t longest_delimiter = 16;
  const size_t open = text_.substr(0, at_ + 2 + longest_delimiter).find('(', at_);
  if (open == text_.npos) return skip_quoted('"');
  const std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
  at_ = open;
  skip_past(close);
}

/// Also 1'000 and 1e+3.
void SourceTokens::skip_number() {
  while (at_ < text_.size()) {
    const char c = at(at_);
    const bool has_sign = (c == '+' || c == '-') && std::string_view("eEpP").contains(at(at_ - 1));
    const bool separates = c == '\'' && is_of_word(at(at_ + 1));
    if (!is_of_word(c) && c != '.' && !has_sign && !separates) return;
    ++at_;
  }
}

TokenKind SourceTokens::skip_word() {
  const size_t start = at_;
  while (at_ < text_.size() && is_of_word(at(at_))) ++at_;
  const std::string_view word = text_.substr(start, at_ - start);
  const char quote = at(at_);
  if (quote == '"' && introduces_raw_string(word)) {
    skip_raw_string();
    return TokenKind::literal;
  }
  if ((quote == '"' || quote == '\'') && introduces_string(word)) {
    skip_quoted(quote);
    return TokenKind::literal;
  }
  return TokenKind::word;
}

TokenKind SourceTokens::skip_token() {
  const char c = at(at_);
  if (c == '#' && starts_line_) {
    skip_directive();
    return TokenKind::directive;
  }
  if (c == '"' || c == '\'') {
    skip_quoted(c);
    return TokenKind::literal;
  }
  if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1)))) {
    ++at_;
    skip_number();
    return TokenKind::literal;
  }
  if (is_of_word(c)) return skip_word();
  at_ += starts_with("::") || starts_with("->") ? 2 : 1;
  return TokenKind::mark;
}

Token SourceTokens::next() {
  while (at_ < text_.size()) {
    if (is_blank(at(at_))) {
      starts_line_ = starts_line_ || at(at_) == '\n';
      ++at_;
    } else if (starts_with("\\\n")) {
      at_ += 2;
    } else if (starts_with("\\\r\n")) {
      at_ += 3;
    } else if (!skip_comment()) {
      const size_t start = at_;
      const TokenKind kind = skip_token();
      starts_line_ = false;
      return {kind, text_.substr(start, at_ - start), start};
    }
  }
  return {TokenKind::end, {}, text_.size()};
}

Place SourceTokens::place_of(const Token& token) {
  const std::string_view before = text_.substr(0, token.offset);
  for (size_t end = 0; (end = before.find('\n', counted_)) != before.npos; ++line_) {
    counted_ = line_start_ = end + 1;
  }
  counted_ = std::max(counted_, token.offset);
  return {line_, token.offset - line_start_ + 1};
}

}  // namespace wasmup::wasm
