// SPDX-License-Identifier: MIT
#include "trap.hpp"

namespace wasmup::commands {

bool is_trap(const envoy::LogLine& line) {
  return line.logger == "wasm" && !line.from_module && line.message.starts_with("Function: ") &&
         line.message.contains(" failed: ");
}

std::string trapped_function(std::string_view message) {
  message.remove_prefix(message.find(' ') + 1);
  return std::string(message.substr(0, message.find(' ')));
}

std::string with_line_ends(std::string message) {
  for (size_t at = 0; (at = message.find("\\n", at)) != message.npos; ++at) message.replace(at, 2, "\n");
  return message;
}

}  // namespace wasmup::commands
