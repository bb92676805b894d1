// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string_view>

#include <wasmup/header_text.hpp>

/// What HTTP and gRPC call-outs have in common.
namespace wasmup {

/// Text that has to be given: it has no default, so a call without it does not compile ("cannot convert" to
/// the call's type).
class Required {
 public:
  template <class T>
    requires std::convertible_to<const T&, std::string_view>
  constexpr Required(const T& text) : text_(text) {}

  constexpr std::string_view text() const { return text_; }
  /// Whether it can be a name: there is some of it, without control characters.
  constexpr bool valid() const { return !text_.empty() && !has_control_character(text_); }

 private:
  std::string_view text_;
};

/// How long an answer may take: from a millisecond to 2^31 - 1 of them.
class Timeout {
 public:
  template <std::convertible_to<std::chrono::milliseconds> Duration>
  constexpr Timeout(Duration limit) : milliseconds_(std::chrono::milliseconds(limit).count()) {}
  /// No limit at all. The stream waits for as long as the other side likes.
  static constexpr Timeout none() { return Timeout(); }

  constexpr bool valid() const {
    return is_none_ || (milliseconds_ > 0 && milliseconds_ <= std::numeric_limits<int32_t>::max());
  }
  constexpr uint32_t milliseconds() const { return static_cast<uint32_t>(milliseconds_); }

 private:
  constexpr Timeout() : is_none_(true) {}
  int64_t milliseconds_ = 0;
  bool is_none_ = false;
};

}  // namespace wasmup
