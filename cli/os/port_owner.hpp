// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace wasmup::os {

/// Who listens on a TCP port of this machine, as /proc tells: "python3 (process 4711)". Empty when it does
/// not say, as for the processes of other users.
std::string port_owner(uint16_t port);

}  // namespace wasmup::os
