// SPDX-License-Identifier: MIT
#include "pairs.hpp"

#include <cstdint>
#include <vector>

#include <wasmup/abi.hpp>

namespace wasmup::testing {
namespace {

void put_u32(std::string& out, size_t number) {
  for (int shift = 0; shift != 32; shift += 8) out.push_back(static_cast<char>((number >> shift) & 0xFF));
}

std::optional<uint32_t> take_u32(std::string_view& in) {
  if (in.size() < 4) return std::nullopt;
  uint32_t number = 0;
  for (size_t i = 0; i != 4; ++i) number |= uint32_t{static_cast<unsigned char>(in[i])} << (8 * i);
  in.remove_prefix(4);
  return number;
}

std::optional<std::string_view> take_text(std::string_view& in, uint32_t size) {
  if (in.size() <= size || in[size] != '\0') return std::nullopt;
  const std::string_view text = in.substr(0, size);
  in.remove_prefix(size_t{size} + 1);
  return text;
}

}  // namespace

std::string encode_pairs(const Headers& headers) {
  std::string out;
  if (headers.empty()) return out;
  put_u32(out, headers.size());
  for (const auto& [name, value] : headers) {
    put_u32(out, name.size());
    put_u32(out, value.size());
  }
  for (const auto& [name, value] : headers) out.append(name).append(1, '\0').append(value).append(1, '\0');
  return out;
}

Headers decode_pairs(std::string_view in) {
  if (in.size() > abi::max_pairs_bytes) return {};
  const auto count = take_u32(in);
  if (!count || *count > abi::max_pairs) return {};
  std::vector<uint32_t> sizes;
  for (uint32_t i = 0; i != 2 * *count; ++i) {
    const auto size = take_u32(in);
    if (!size) return {};
    sizes.push_back(*size);
  }
  Headers headers;
  for (size_t i = 0; i != sizes.size(); i += 2) {
    const auto name = take_text(in, sizes[i]);
    const auto value = name ? take_text(in, sizes[i + 1]) : std::nullopt;
    if (!value) return {};
    headers.add(*name, *value);
  }
  return in.empty() ? headers : Headers{};
}

}  // namespace wasmup::testing
