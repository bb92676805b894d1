// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {

std::span<const HostcallEntry> shared_queue_hostcalls() { return {}; }

}  // namespace wasmup::testing
