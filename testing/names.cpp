// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <array>
#include <cstddef>
#include <cstdio>

#include <wasmup/detail/names.hpp>

namespace wasmup::testing {
namespace {

template <class Number, size_t size>
std::string pick(const std::array<std::string_view, size>& names, Number number) {
  const auto index = static_cast<size_t>(number);
  return index < size ? std::string(names[index]) : std::to_string(index);
}

}  // namespace

std::string name_of(Status status) { return pick(detail::names::statuses, status); }
std::string name_of(LogLevel level) { return pick(detail::names::levels, level); }
std::string name_of(abi::MapType map) { return pick(detail::names::maps, map); }
std::string name_of(abi::BufferType buffer) { return pick(detail::names::buffers, buffer); }
std::string name_of(abi::StreamType stream) { return pick(detail::names::streams, stream); }
std::string name_of(abi::MetricType metric) { return pick(detail::names::metrics, metric); }

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
