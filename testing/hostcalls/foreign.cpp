// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {

std::span<const HostcallEntry> foreign_hostcalls() { return {}; }

}  // namespace wasmup::testing
