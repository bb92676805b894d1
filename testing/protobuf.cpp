// SPDX-License-Identifier: MIT
#include "protobuf.hpp"

namespace wasmup::testing {
namespace {

std::optional<uint64_t> take_varint(std::string_view& in) {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ProtobufMessage> decode_protobuf(std::string_view in) {
  ProtobufMessage message;
  while (!in.empty()) {
    const auto tag = take_varint(in);
    const auto value = tag ? take_varint(in) : std::nullopt;
    if (!value || *tag >> 3 == 0) return std::nullopt;
    const auto field = static_cast<uint32_t>(*tag >> 3);
    switch (*tag & 7) {
      case 0:
        message.numbers[field] = *value;
        break;
      case 2:
        if (*value > in.size()) return std::nullopt;
        message.texts[field] = in.substr(0, *value);
        in.remove_prefix(*value);
        break;
      default:
        return std::nullopt;  // numbers of a fixed width: no message here has any
    }
  }
  return message;
}

}  // namespace wasmup::testing
