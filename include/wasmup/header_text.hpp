// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

/// What may be a header's name and value. The host checks neither: a name with a colon or a value with a line
/// break would go out on the wire as it is, so everything the SDK writes passes through these types. A
/// literal is checked by the compiler and costs nothing; other text is checked when used, and refused with
/// `Status::bad_argument`.
namespace wasmup {

/// A token as RFC 9110 has it: letters, digits and !#$%&'*+-.^_`|~
constexpr bool is_header_name(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alphanumeric && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) return false;
  }
  return true;
}

/// A pseudo-header: `:path`, `:status` and their like.
constexpr bool is_pseudo_header_name(std::string_view text) {
  return text.starts_with(':') && is_header_name(text.substr(1));
}

/// Any text without CR, LF or NUL.
constexpr bool is_header_value(std::string_view text) {
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') return false;
  }
  return true;
}

namespace detail {

template <class T>
concept RuntimeText = std::convertible_to<const T&, std::string_view> && !std::is_array_v<T>;

// Calling one of these while compiling is the error message.
void a_header_name_must_be_a_token_such_as_x_request_id();
void a_header_name_must_be_a_token_and_no_pseudo_header();
void a_header_value_must_not_hold_CR_LF_or_NUL();

}  // namespace detail

/// A name to read or to set: a token, or a pseudo-header.
class HeaderName {
 public:
  template <size_t size>
  consteval HeaderName(const char (&literal)[size]) : text_(literal, size - 1), valid_(true) {
    if (!check(text_)) detail::a_header_name_must_be_a_token_such_as_x_request_id();
  }
  template <detail::RuntimeText T>
  constexpr HeaderName(const T& text) : text_(text), valid_(check(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }

 private:
  static constexpr bool check(std::string_view text) {
    return is_header_name(text) || is_pseudo_header_name(text);
  }

  std::string_view text_;
  bool valid_;
};

/// A name to add or to remove: a token. Pseudo-headers are there exactly once (taking `:status` away has
/// crashed Envoy, envoyproxy/envoy#15487).
class RegularHeaderName {
 public:
  template <size_t size>
  consteval RegularHeaderName(const char (&literal)[size]) : text_(literal, size - 1), valid_(true) {
    if (!is_header_name(text_)) detail::a_header_name_must_be_a_token_and_no_pseudo_header();
  }
  template <detail::RuntimeText T>
  constexpr RegularHeaderName(const T& text) : text_(text), valid_(is_header_name(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }

 private:
  std::string_view text_;
  bool valid_;
};

class HeaderValue {
 public:
  template <size_t size>
  consteval HeaderValue(const char (&literal)[size]) : text_(literal, size - 1), valid_(true) {
    if (!is_header_value(text_)) detail::a_header_value_must_not_hold_CR_LF_or_NUL();
  }
  template <detail::RuntimeText T>
  constexpr HeaderValue(const T& text) : text_(text), valid_(is_header_value(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }

 private:
  std::string_view text_;
  bool valid_;
};

/// A header to send.
struct Header {
  RegularHeaderName name;
  HeaderValue value;
};

}  // namespace wasmup
