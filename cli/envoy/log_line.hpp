// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wasmup::envoy {

/// For --log-format: level, logger, time (in nanoseconds), thread and message apart by a character that only
/// the message can hold. Envoy writes a newline in a message as "\n" (%_), so no module can log what looks
/// like a line of Envoy's.
inline constexpr std::string_view log_format = "%l\x1f%n\x1f%E%F\x1f%t\x1f%_";

/// One line of Envoy's log, taken apart. Control characters in it are made visible, for terminals.
struct LogLine {
  std::string level = {};   ///< trace, debug, info, warning, error, critical; empty: not a line of the log
  std::string logger = {};  ///< wasm, config, main, ...
  std::string message = {};
  bool from_module = false;         ///< what a module logged itself, without Envoy's words before it
  std::string vm = {};              ///< then the id of its VM: WasmFilter::name, unless it has a vm_id
  std::chrono::nanoseconds time{};  ///< since 1970
  int64_t thread = 0;               ///< of Envoy's, that wrote it
};

/// Takes apart a line in `log_format`; other lines come back as the message.
LogLine parse_log_line(std::string_view line);

/// Why Envoy gave up, in its own words, from what it has logged: error lines first to last, one a line,
/// without stack traces and without saying the same thing twice. Empty when it said nothing.
std::string reason_in(std::span<const LogLine> log);

/// Whether a module is what Envoy gave up on.
bool blames_module(std::span<const LogLine> log);

}  // namespace wasmup::envoy
