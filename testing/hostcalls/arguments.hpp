// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/testing/guest.hpp>

#include "../names.hpp"

namespace wasmup::testing {

/// A hostcall's arguments, taken one by one from its words, and written down as they are taken.
class Arguments {
 public:
  Arguments(Guest& guest, std::span<const uint64_t> words, std::string& text)
      : guest_(guest), words_(words), text_(text) {}

  uint32_t number() {
    const auto value = static_cast<uint32_t>(word());
    note(std::to_string(value));
    return value;
  }
  int64_t signed_number() {
    const auto value = static_cast<int64_t>(word());
    note(std::to_string(value));
    return value;
  }
  template <class Enum>
  Enum named() {
    const auto value = static_cast<Enum>(word());
    note(name_of(value));
    return value;
  }
  /// A pointer and a size.
  std::string_view text() {
    const Address address = word();
    const auto size = static_cast<uint32_t>(word());
    const auto bytes = guest_.read(address, size);
    if (!bytes) is_valid_ = false;
    note(bytes ? quoted(*bytes) : "<outside memory>");
    return bytes.value_or(std::string_view());
  }
  /// An out-parameter.
  Address out() { return word(); }

  /// Whether every pointer was within memory.
  bool valid() const { return is_valid_; }

 private:
  uint64_t word() {
    if (words_.empty()) return 0;
    const uint64_t value = words_.front();
    words_ = words_.subspan(1);
    return value;
  }
  void note(const std::string& piece) { text_ += (text_.ends_with('(') ? "" : ", ") + piece; }

  Guest& guest_;
  std::span<const uint64_t> words_;
  std::string& text_;
  bool is_valid_ = true;
};

/// Writes a number as wide as the guest's pointers and sizes are.
inline bool write_word(Guest& guest, Address address, uint64_t value) {
  return guest.write(address, {reinterpret_cast<const char*>(&value), guest.word_size()});
}

/// Writes a number of a width of its own.
template <class Number>
Status give_number(Guest& guest, Address address, Number value) {
  const bool written = guest.write(address, {reinterpret_cast<const char*>(&value), sizeof(value)});
  return written ? Status::ok : Status::invalid_memory_access;
}

}  // namespace wasmup::testing
