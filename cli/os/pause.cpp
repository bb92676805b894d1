// SPDX-License-Identifier: MIT
#include "pause.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>

#include "interrupt.hpp"

namespace wasmup::os {

void pause(std::chrono::milliseconds time) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + time;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0 || Interrupt::requested()) return;
    pollfd wake{Interrupt::wake_descriptor(), POLLIN, 0};  // poll passes over -1
    if (::poll(&wake, 1, static_cast<int>(std::min<int64_t>(left, INT_MAX))) < 0 && errno != EINTR) return;
  }
}

}  // namespace wasmup::os
