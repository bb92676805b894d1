// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace wasmup::os {

/// One process for good: its number may be another's later, its number with the time of its start may not.
struct ProcessId {
  int number = 0;
  uint64_t started = 0;  ///< ticks since the machine's start

  bool operator==(const ProcessId&) const = default;
};

/// Of the process that has this number now.
std::optional<ProcessId> identify(int number);

/// It is there, and has not ended (a zombie has).
bool lives(const ProcessId& process);

/// To it, and with `group` to all of the process group that it leads. Nothing happens when it has ended.
void send_signal(const ProcessId& process, int signal, bool group = false);

}  // namespace wasmup::os
