// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wasmup::wasm {

/// An unsigned LEB128 of at most 32 bits; moves `offset` behind it. Nothing when the bytes end first.
inline std::optional<uint64_t> read_leb(std::string_view bytes, size_t& offset) {
  uint64_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (offset >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<uint8_t>(bytes[offset++]);
    value |= uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  return value;  // too long: damaged, which the decoder says better
}

}  // namespace wasmup::wasm
