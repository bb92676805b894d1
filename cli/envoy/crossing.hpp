// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmup::envoy {

/// One passage between Envoy and a module, as Envoy's wasm logger has it at level trace.
struct Crossing {
  enum class Kind { entry, entry_end, hostcall, hostcall_end };

  Kind kind = Kind::entry;
  std::string function = {};                ///< without the import module before it
  std::vector<std::string> arguments = {};  ///< numbers; of the two beginnings
  std::string result = {};                  ///< a number or "void"; of the two ends
};

/// Of a log line's message; nothing for any other message.
std::optional<Crossing> parse_crossing(std::string_view message);

/// "proxy_get_header_map_value(request_headers, name of 6 bytes at 48)": the arguments in the ABI's words. Of
/// text that is handed over, Envoy's log has the address and the size alone. Where a result goes is left out.
std::string call_in_words(const Crossing& beginning);

/// "not_found", "continue", ...: what the function's result means.
std::string result_in_words(const Crossing& end);

}  // namespace wasmup::envoy
