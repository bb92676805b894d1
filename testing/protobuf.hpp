// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace wasmup::testing {

/// The fields of a protobuf message by their numbers: texts, and numbers. Of one that repeats, the last.
struct ProtobufMessage {
  std::map<uint32_t, std::string, std::less<>> texts;
  std::map<uint32_t, uint64_t, std::less<>> numbers;

  std::string text(uint32_t field) const {
    const auto found = texts.find(field);
    return found != texts.end() ? found->second : "";
  }
  uint64_t number(uint32_t field) const {
    const auto found = numbers.find(field);
    return found != numbers.end() ? found->second : 0;
  }
};

/// Nothing when the bytes are no message.
std::optional<ProtobufMessage> decode_protobuf(std::string_view bytes);

}  // namespace wasmup::testing
