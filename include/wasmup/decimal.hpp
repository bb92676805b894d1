// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wasmup {

/// A whole number as text, for logs, headers and names: `log::info("waited ", Decimal(count), " times")`. It
/// does what std::to_string does in a tenth of the code (that brings 1 to 2 KB into a module). Views of it
/// end with it.
class Decimal {
 public:
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  explicit constexpr Decimal(Number number)
      : Decimal(number < 0,
                number < 0 ? uint64_t{0} - static_cast<uint64_t>(number) : static_cast<uint64_t>(number)) {}

  constexpr std::string_view view() const { return {text_ + begin_, sizeof(text_) - begin_}; }
  constexpr operator std::string_view() const { return view(); }

 private:
  [[gnu::noinline]] constexpr Decimal(bool is_negative, uint64_t size) {
    do {
      text_[--begin_] = static_cast<char>('0' + size % 10);
      size /= 10;
    } while (size != 0);
    if (is_negative) text_[--begin_] = '-';
  }

  char text_[20] = {};
  size_t begin_ = sizeof(text_);
};

}  // namespace wasmup
