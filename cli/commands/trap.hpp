// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "../envoy/log_line.hpp"

namespace wasmup::commands {

/// Whether Envoy says with this line that a module has trapped: "Function: proxy_on_log failed: Uncaught
/// RuntimeError: unreachable", and a backtrace if the module has a name section.
bool is_trap(const envoy::LogLine& line);

/// The function in such a line.
std::string trapped_function(std::string_view message);

/// Envoy writes a line end within a message, as before a backtrace, as the two characters \n.
std::string with_line_ends(std::string message);

}  // namespace wasmup::commands
