// SPDX-License-Identifier: MIT
#pragma once

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/gateway.hpp"

namespace wasmup::commands {

/// Processes, addresses, and of each object that was applied what the controller says of it.
Expected<void> show_gateway(const gateway::Layout& layout, bool json, Environment& environment);

/// An error (refused) with the controller's reasons when it does not take one of these objects (keys).
Expected<void> check_accepted(const gateway::Layout& layout, const std::vector<std::string>& keys);

}  // namespace wasmup::commands
