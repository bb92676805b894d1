// SPDX-License-Identifier: MIT
#pragma once

namespace wasmup::os {

/// Whether standard input and output are a person's terminal.
bool can_ask();

/// Waits for a line on standard input: whether it says yes. No at its end, and on Ctrl-C.
bool read_yes();

}  // namespace wasmup::os
