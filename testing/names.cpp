// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <array>
#include <cstddef>
#include <cstdio>

namespace wasmup::testing {
namespace {

template <class Number, size_t size>
std::string pick(const std::array<const char*, size>& names, Number number) {
  const auto index = static_cast<size_t>(number);
  return index < size ? names[index] : std::to_string(index);
}

}  // namespace

std::string name_of(Status status) {
  static constexpr std::array names{"ok",
                                    "not_found",
                                    "bad_argument",
                                    "serialization_failure",
                                    "parse_failure",
                                    "bad_expression",
                                    "invalid_memory_access",
                                    "empty",
                                    "cas_mismatch",
                                    "result_mismatch",
                                    "internal_failure",
                                    "broken_connection",
                                    "unimplemented"};
  return pick(names, status);
}

std::string name_of(LogLevel level) {
  static constexpr std::array names{"trace", "debug", "info", "warn", "error", "critical", "off"};
  return pick(names, level);
}

std::string name_of(abi::MapType map) {
  static constexpr std::array names{"request_headers",   "request_trailers",      "response_headers",
                                    "response_trailers", "grpc_initial_metadata", "grpc_trailing_metadata",
                                    "call_headers",      "call_trailers"};
  return pick(names, map);
}

std::string name_of(abi::BufferType buffer) {
  static constexpr std::array names{
      "request_body", "response_body",    "downstream_data",      "upstream_data",    "call_body",
      "grpc_message", "vm_configuration", "plugin_configuration", "foreign_arguments"};
  return pick(names, buffer);
}

std::string name_of(abi::StreamType stream) {
  static constexpr std::array names{"request", "response", "downstream", "upstream"};
  return pick(names, stream);
}

std::string name_of(abi::MetricType metric) {
  static constexpr std::array names{"counter", "gauge", "histogram"};
  return pick(names, metric);
}

std::string quoted(std::string_view text) {
  static constexpr size_t limit = 120;
  std::string result = "\"";
  for (const char c : text.substr(0, limit)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      std::array<char, 5> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      result += escape.data();
    } else {
      result += c;
    }
  }
  result += '"';
  if (text.size() > limit) result += "... (" + std::to_string(text.size()) + " bytes)";
  return result;
}

}  // namespace wasmup::testing
