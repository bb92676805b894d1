// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include <wasmup/abi.hpp>
#include <wasmup/wasi.hpp>

namespace wasmup {

/// A point in time, as the host gives it: nanoseconds since 1970, without leap seconds.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// What the host's wall clock shows (Envoy's in steps of a microsecond); it can be set, also backwards.
/// proxy_get_current_time_nanoseconds.
[[nodiscard]] inline Timestamp now() {
  uint64_t time = 0;
  static_cast<void>(abi::proxy_get_current_time_nanoseconds(&time));  // nothing to go wrong: 1970 if it did
  return Timestamp(std::chrono::nanoseconds(time));
}

/// A clock that only goes forward, to measure how long something takes; its zero means nothing.
/// clock_time_get (WASI).
[[nodiscard]] inline std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>
monotonic_now() {
  uint64_t time = 0;
  static_cast<void>(wasi::clock_time_get(wasi::Clock::monotonic, 1, &time));
  return std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>(
      std::chrono::nanoseconds(time));
}

}  // namespace wasmup
