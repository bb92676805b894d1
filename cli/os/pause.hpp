// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace wasmup::os {

/// Waits that long, or until Ctrl-C (see Interrupt).
void pause(std::chrono::milliseconds time);

}  // namespace wasmup::os
