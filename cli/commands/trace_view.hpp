// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "../envoy/log_line.hpp"
#include "../terminal/terminal.hpp"

namespace wasmup::commands {

/// Every entry into a VM and every hostcall, as they come, each with its time once it is over. The times are
/// those of Envoy's log, and what writing it costs is in them.
class TraceView {
 public:
  explicit TraceView(terminal::Terminal& terminal) : terminal_(terminal) {}

  /// Shows a line of the log when it is one of these; false when it is not.
  bool add(const envoy::LogLine&);

 private:
  using Beginnings = std::vector<std::chrono::nanoseconds>;  ///< of what is not over, the outermost first

  void say(size_t depth, const std::string& text);

  terminal::Terminal& terminal_;
  std::map<int64_t, Beginnings> threads_;
};

}  // namespace wasmup::commands
