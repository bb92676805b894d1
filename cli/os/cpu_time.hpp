// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "../error.hpp"

namespace wasmup::os {

/// What a process has used of the processors so far, all its threads together, those that ended included.
Expected<std::chrono::nanoseconds> cpu_time(int pid);

}  // namespace wasmup::os
