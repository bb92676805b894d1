// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include <wasmup/abi.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// From now on calls the root context's on_tick every `period`, on each worker by itself; zero stops it. A
/// period is at least a millisecond and at most 2^32 - 1 of them. proxy_set_tick_period_milliseconds.
inline Result<> set_tick_period(std::chrono::milliseconds period) {
  if (period.count() < 0 || period.count() > std::numeric_limits<uint32_t>::max())
    return Status::bad_argument;
  return abi::proxy_set_tick_period_milliseconds(static_cast<uint32_t>(period.count()));
}

}  // namespace wasmup
