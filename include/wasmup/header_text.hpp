// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// What may be a header's name and value, by RFC 9110. The host checks neither: a name with a colon or a
/// value with a line break would go out on the wire as it is, so everything the SDK writes passes through
/// these types. A literal is checked by the compiler and costs nothing; other text is checked when used, and
/// refused with `Status::bad_argument`.
namespace wasmup {

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A token as RFC 9110 has it: letters, digits and !#$%&'*+-.^_`|~
constexpr bool is_token(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_alphanumeric(c) && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

constexpr bool is_header_name(std::string_view text) { return is_token(text); }

/// A pseudo-header: `:path`, `:status` and their like.
constexpr bool is_pseudo_header_name(std::string_view text) {
  return text.starts_with(':') && is_token(text.substr(1));
}

/// Whether a text has a control character: all below the space, and DEL.
constexpr bool has_control_character(std::string_view text, bool but_tab = false) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (but_tab && c == '\t') continue;
    if (byte < ' ' || byte == 0x7F) return true;
  }
  return false;
}

/// Text without control characters but tabs, and without white space at its ends. Bytes from 0x80 on are
/// allowed, as RFC 9110 has them for old applications.
constexpr bool is_header_value(std::string_view text) {
  if (text.empty()) return true;
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  return !is_space(text.front()) && !is_space(text.back()) && !has_control_character(text, true);
}

namespace detail {

template <class T>
concept RuntimeText = std::convertible_to<const T&, std::string_view> && !std::is_array_v<T>;

/// The text in a buffer: up to its first NUL.
template <size_t size>
constexpr std::string_view text_in(const char (&buffer)[size]) {
  const std::string_view all(buffer, size);
  return all.substr(0, all.find('\0'));
}

/// What a header is to the one who changes it.
enum class Part : uint8_t {
  invalid,
  regular,
  framing,  ///< says where a message ends, or concerns one connection alone
  authority,
  method,
  path,
  scheme,
  protocol,
  status,
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; }

/// Whether two names are the same but for the case of their letters.
constexpr bool same_name(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i != left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

constexpr Part part_of(std::string_view name) {
  if (name.starts_with(':')) {
    if (name == ":path") return Part::path;
    if (name == ":status") return Part::status;
    if (name == ":authority") return Part::authority;
    if (name == ":method") return Part::method;
    if (name == ":scheme") return Part::scheme;
    if (name == ":protocol") return Part::protocol;
    return Part::invalid;
  }
  if (!is_token(name)) return Part::invalid;
  if (same_name(name, "host")) return Part::authority;
  for (const std::string_view framing : {"content-length", "transfer-encoding", "connection", "keep-alive",
                                         "proxy-connection", "te", "upgrade"}) {
    if (same_name(name, framing)) return Part::framing;
  }
  return Part::regular;
}

// With clang a wrong literal is an error that says why; elsewhere the compiler stumbles over a call of one of
// these functions, and names it.
void a_header_name_must_be_a_token_such_as_x_request_id();
void a_header_name_must_be_a_token_and_no_pseudo_header();
void a_header_to_set_must_not_frame_the_message();
void a_header_to_add_must_be_a_token_and_not_host_nor_frame_the_message();
void a_header_value_must_not_hold_control_characters_nor_begin_or_end_with_a_space();

#if defined(__clang__)
#define WASMUP_DETAIL_REFUSE(condition, reason)                                         \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wgcc-compat\"") \
      __attribute__((diagnose_if(condition, reason, "error"))) _Pragma("clang diagnostic pop")
#else
#define WASMUP_DETAIL_REFUSE(condition, reason)
#endif

}  // namespace detail

/// A name to look up: a token, or a pseudo-header.
class HeaderName {
 public:
  template <size_t size>
  consteval HeaderName(const char (&literal)[size])
      WASMUP_DETAIL_REFUSE(!check({literal, size - 1}), "a header name must be a token such as x-request-id")
      : text_(literal, size - 1), valid_(true) {
    if (!check(text_)) detail::a_header_name_must_be_a_token_such_as_x_request_id();
  }
  template <size_t size>
  constexpr HeaderName(char (&buffer)[size]) : HeaderName(detail::text_in(buffer)) {}
  template <detail::RuntimeText T>
  constexpr HeaderName(const T& text) : text_(text), valid_(check(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }

  static constexpr bool check(std::string_view text) { return is_token(text) || is_pseudo_header_name(text); }

 private:
  std::string_view text_;
  bool valid_;
};

/// A name to set: a pseudo-header that HTTP has, or a token that does not frame the message. These do, or
/// concern one connection alone, and are Envoy's to write: content-length, transfer-encoding, connection,
/// keep-alive, proxy-connection, te, upgrade.
class SetHeaderName {
 public:
  template <size_t size>
  consteval SetHeaderName(const char (&literal)[size])
      WASMUP_DETAIL_REFUSE(detail::part_of({literal, size - 1}) == detail::Part::invalid,
                           "a header name must be a token such as x-request-id")
          WASMUP_DETAIL_REFUSE(detail::part_of({literal, size - 1}) == detail::Part::framing,
                               "this header frames the message and is Envoy's to write")
      : text_(literal, size - 1), part_(detail::part_of(text_)) {
    if (part_ == detail::Part::invalid) detail::a_header_name_must_be_a_token_such_as_x_request_id();
    if (part_ == detail::Part::framing) detail::a_header_to_set_must_not_frame_the_message();
  }
  template <size_t size>
  constexpr SetHeaderName(char (&buffer)[size]) : SetHeaderName(detail::text_in(buffer)) {}
  template <detail::RuntimeText T>
  constexpr SetHeaderName(const T& text) : text_(text), part_(detail::part_of(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr detail::Part part() const { return part_; }
  constexpr bool valid() const { return part_ != detail::Part::invalid && part_ != detail::Part::framing; }

 private:
  std::string_view text_;
  detail::Part part_;
};

/// A name to remove: a token. Pseudo-headers are there exactly once (taking `:status` away has crashed Envoy,
/// envoyproxy/envoy#15487), and so is `host`, which in a request is another name of `:authority`.
class RegularHeaderName {
 public:
  template <size_t size>
  consteval RegularHeaderName(const char (&literal)[size])
      WASMUP_DETAIL_REFUSE(!is_token({literal, size - 1}),
                           "a header name must be a token, and no pseudo-header")
      : text_(literal, size - 1), valid_(true) {
    if (!is_token(text_)) detail::a_header_name_must_be_a_token_and_no_pseudo_header();
  }
  template <size_t size>
  constexpr RegularHeaderName(char (&buffer)[size]) : RegularHeaderName(detail::text_in(buffer)) {}
  template <detail::RuntimeText T>
  constexpr RegularHeaderName(const T& text) : text_(text), valid_(is_token(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }
  constexpr bool is_host() const { return detail::same_name(text_, "host"); }

 private:
  std::string_view text_;
  bool valid_;
};

/// A name to add, or to send in a message of the filter's own: a token that is neither `host` nor frames the
/// message (see SetHeaderName).
class AddedHeaderName {
 public:
  template <size_t size>
  consteval AddedHeaderName(const char (&literal)[size])
      WASMUP_DETAIL_REFUSE(!check({literal, size - 1}),
                           "a header to add must be a token such as x-request-id, not a pseudo-header, not "
                           "host, and none that frames the message, such as content-length")
      : text_(literal, size - 1), valid_(true) {
    if (!check(text_)) detail::a_header_to_add_must_be_a_token_and_not_host_nor_frame_the_message();
  }
  template <size_t size>
  constexpr AddedHeaderName(char (&buffer)[size]) : AddedHeaderName(detail::text_in(buffer)) {}
  template <detail::RuntimeText T>
  constexpr AddedHeaderName(const T& text) : text_(text), valid_(check(text_)) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool valid() const { return valid_; }

  static constexpr bool check(std::string_view text) {
    return detail::part_of(text) == detail::Part::regular;
  }

 private:
  std::string_view text_;
  bool valid_;
};

class HeaderValue {
 public:
  template <size_t size>
  consteval HeaderValue(const char (&literal)[size])
      WASMUP_DETAIL_REFUSE(!is_header_value({literal, size - 1}),
                           "a header value must not hold control characters, nor begin or end with a space")
      : text_(literal, size - 1), valid_(true) {
    if (!is_header_value(text_)) {
      detail::a_header_value_must_not_hold_control_characters_nor_begin_or_end_with_a_space();
    }
  }
  template <size_t size>
  constexpr HeaderValue(char (&buffer)[size]) : HeaderValue(detail::text_in(buffer)) {}
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
  AddedHeaderName name;
  HeaderValue value;
};

}  // namespace wasmup
