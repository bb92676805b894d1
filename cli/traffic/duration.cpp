// SPDX-License-Identifier: MIT
#include "duration.hpp"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>

namespace wasmup::traffic {

using std::chrono::milliseconds;

std::optional<milliseconds> parse_duration(std::string_view text) {
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  int64_t size = 0;
  if (unit == "ms") {
    size = 1;
  } else if (unit == "s" || unit.empty()) {
    size = 1000;
  } else if (unit == "m") {
    size = 60'000;
  } else {
    return std::nullopt;
  }
  const milliseconds time(count * size);
  if (time > std::chrono::hours(24)) return std::nullopt;
  return time;
}

std::string to_string(milliseconds time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

}  // namespace wasmup::traffic
