// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <wasmup/bytes.hpp>

namespace wasmup::detail {

/// Writes a protobuf message of fields below 16 that are text or small numbers: what the arguments of Envoy's
/// foreign functions are, and no more.
class ProtobufWriter {
 public:
  /// `text`: how many bytes of text there will be. No field takes more than six bytes besides its text.
  ProtobufWriter(size_t fields, size_t text) : bytes_(Bytes::allocate(fields * 6 + text)) {}

  ProtobufWriter& put(uint8_t field, std::string_view text) {
    if (bytes_.empty()) return *this;
    put_byte(field << 3 | 2);
    size_t rest = text.size();
    for (; rest >= 0x80; rest >>= 7) put_byte(rest | 0x80);
    put_byte(rest);
    if (!text.empty()) std::memcpy(bytes_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }

  /// A number below 128: a bool or an enumerator.
  ProtobufWriter& put(uint8_t field, uint8_t number) {
    if (bytes_.empty()) return *this;
    put_byte(field << 3);
    put_byte(number);
    return *this;
  }

  /// The message; empty when there was no memory for it.
  std::string_view message() const { return {bytes_.data(), size_}; }

 private:
  void put_byte(size_t byte) { bytes_.data()[size_++] = static_cast<char>(byte); }

  Bytes bytes_;
  size_t size_ = 0;
};

}  // namespace wasmup::detail
