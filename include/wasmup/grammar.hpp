// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <wasmup/header_text.hpp>

/// What may stand in the places of a message that are no ordinary headers, in stats and in property paths. As
/// with headers, a literal is checked by the compiler, other text when it is used.
namespace wasmup {

/// The target of a request: it is not empty, and has neither control characters nor spaces.
constexpr bool is_path(std::string_view text) {
  return !text.empty() && text.find(' ') == std::string_view::npos && !has_control_character(text);
}

/// A host with an optional port: letters, digits and -._~%!$&'()*+,;=:[] (RFC 3986, without user
/// information).
constexpr bool is_authority(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_alphanumeric(c) && std::string_view("-._~%!$&'()*+,;=:[]").find(c) == std::string_view::npos)
      return false;
  }
  return true;
}

/// The status of a response that a filter makes or changes: 200 to 599.
constexpr bool is_final_status(std::string_view text) {
  return text.size() == 3 && text[0] >= '2' && text[0] <= '5' && text[1] >= '0' && text[1] <= '9' &&
         text[2] >= '0' && text[2] <= '9';
}

/// A message of this status has no body (RFC 9110, sections 6.4.1 and 15.3.6).
constexpr bool is_bodyless_status(uint32_t status) { return status == 204 || status == 205 || status == 304; }

/// Response code details: visible ASCII and spaces, for a line of the access log.
constexpr bool is_details(std::string_view text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

/// A stat's name: it is not empty, and of visible ASCII characters without quotes and backslashes, for it is
/// shown in lines and in labels.
constexpr bool is_stat_name(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c >= '\x7F' || c == '"' || c == '\\') return false;
  }
  return !text.empty();
}

/// A label's name: letters, digits and underscores, and no digit first.
constexpr bool is_label_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    if (!is_alphanumeric(c) && c != '_') return false;
  }
  return true;
}

/// A gRPC service or method: letters, digits, underscores and dots.
constexpr bool is_grpc_name(std::string_view text) {
  for (const char c : text) {
    if (!is_alphanumeric(c) && c != '_' && c != '.') return false;
  }
  return !text.empty();
}

namespace detail {

void a_method_must_be_a_token_such_as_GET();
void a_path_must_not_be_empty_nor_hold_spaces_or_control_characters();
void an_authority_must_be_a_host_with_an_optional_port();
void details_must_be_visible_ASCII();

/// Whether a header map may get this value under a name of this kind.
template <bool is_request>
constexpr bool may_be_set(Part part, std::string_view value) {
  switch (part) {
    case Part::regular:
      return true;
    case Part::authority:
      return !is_request || is_authority(value);
    case Part::method:  // another response is to be read to HEAD and CONNECT than to what the client sent
      return is_request && is_token(value) && value != "HEAD" && value != "CONNECT";
    case Part::protocol:
    case Part::scheme:
      return is_request && is_token(value);
    case Part::path:
      return is_request && is_path(value);
    case Part::status:
      return !is_request && is_final_status(value);
    default:
      return false;
  }
}

}  // namespace detail

// NOLINTBEGIN(bugprone-macro-parentheses): names of a class
#define WASMUP_DETAIL_TEXT(Name, is_valid, reason, refusal)                                                  \
  class Name {                                                                                               \
   public:                                                                                                   \
    template <size_t size>                                                                                   \
    consteval Name(const char (&literal)[size]) WASMUP_DETAIL_REFUSE(!is_valid({literal, size - 1}), reason) \
        : text_(literal, size - 1), valid_(true) {                                                           \
      if (!is_valid(text_)) detail::refusal();                                                               \
    }                                                                                                        \
    template <size_t size>                                                                                   \
    constexpr Name(char (&buffer)[size]) : Name(detail::text_in(buffer)) {}                                  \
    template <detail::RuntimeText T>                                                                         \
    constexpr Name(const T& text) : text_(text), valid_(is_valid(text_)) {}                                  \
    constexpr std::string_view text() const { return text_; }                                                \
    constexpr bool valid() const { return valid_; }                                                          \
                                                                                                             \
   private:                                                                                                  \
    std::string_view text_;                                                                                  \
    bool valid_;                                                                                             \
  };

// NOLINTEND(bugprone-macro-parentheses)

/// The method of a request.
WASMUP_DETAIL_TEXT(Method, is_token, "a method must be a token such as GET",
                   a_method_must_be_a_token_such_as_GET)
/// The path of a request, with its query.
WASMUP_DETAIL_TEXT(Path, is_path, "a path must not be empty, nor hold spaces or control characters",
                   a_path_must_not_be_empty_nor_hold_spaces_or_control_characters)
/// The authority of a request: what HTTP/1.1 calls host.
WASMUP_DETAIL_TEXT(Authority, is_authority, "an authority must be a host with an optional port",
                   an_authority_must_be_a_host_with_an_optional_port)
/// Why a response was made: for Envoy's access log (%RESPONSE_CODE_DETAILS%).
WASMUP_DETAIL_TEXT(Details, is_details, "response code details must be visible ASCII",
                   details_must_be_visible_ASCII)

#undef WASMUP_DETAIL_TEXT

}  // namespace wasmup
