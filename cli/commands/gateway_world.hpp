// SPDX-License-Identifier: MIT
#pragma once

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/gateway.hpp"
#include "../gateway/programs.hpp"

namespace wasmup::commands {

/// The user's gateway: below $XDG_STATE_HOME, or ~/.local/state.
Expected<gateway::Layout> gateway_layout(const Environment& environment);

/// Where its programs are.
Expected<gateway::Shelf> gateway_shelf(const Environment& environment);

gateway::Means gateway_means(Environment& environment);

}  // namespace wasmup::commands
