// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wasmup::traffic {

/// "500ms", "30s", "2m", or "30" for seconds; nothing for any other text, and for more than a day.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "0.2 s".
std::string to_string(std::chrono::milliseconds time);

}  // namespace wasmup::traffic
