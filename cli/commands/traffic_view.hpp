// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "../envoy/exchange.hpp"
#include "../terminal/terminal.hpp"

namespace wasmup::commands {

/// What passes while `wasmup run` serves: a line for each stream, with what the filters changed in its
/// headers, and in the end a sum. Under load it shows some of each second's, and counts the rest.
class TrafficView {
 public:
  using Clock = std::chrono::steady_clock;
  using Stats = std::map<std::string, int64_t>;

  TrafficView(terminal::Terminal& terminal, std::function<Clock::time_point()> now)
      : terminal_(terminal), now_(std::move(now)) {}

  void add(const envoy::Exchange&);
  void add_trap() { ++traps_; }
  /// To be called now and then: says how many were not shown, once that second is over.
  void look();
  /// Whether Envoy's stats may have changed since the last call of take_stats().
  bool wants_stats() const;
  /// Envoy's stats as they are now: says so when a VM came or went.
  void take_stats(const Stats&);
  /// What it came to.
  std::vector<std::string> sum() const;

 private:
  void show(const envoy::Exchange&);
  void show_differences(const char* what, const envoy::Exchange::Headers& before,
                        const envoy::Exchange::Headers& after);

  terminal::Terminal& terminal_;
  std::function<Clock::time_point()> now_;
  Clock::time_point second_{};  ///< began then
  int shown_ = 0;               ///< in this second
  int64_t not_shown_ = 0;
  std::map<int, int64_t> by_status_;  ///< streams
  int64_t connections_ = 0;
  int64_t traps_ = 0;
  bool changed_ = false;
  Clock::time_point asked_{};
  Stats stats_;  ///< of Wasm alone
};

}  // namespace wasmup::commands
