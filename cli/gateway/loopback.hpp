// SPDX-License-Identifier: MIT
#pragma once

#include <thread>

#include "../error.hpp"

namespace wasmup::gateway {

/// From now on, whatever this thread and the children it starts bind to an address of the network is bound to
/// loopback, at the port they wanted: Envoy Gateway has no setting for most of its addresses. The kernel asks
/// the thread that is returned (seccomp), which must run as long as they do. Needs Linux 5.6.
Expected<std::jthread> bind_to_loopback_only();

}  // namespace wasmup::gateway
