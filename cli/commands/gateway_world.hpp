// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/gateway.hpp"
#include "../gateway/programs.hpp"
#include "../registry/reference.hpp"

namespace wasmup::commands {

/// The user's gateway: below $XDG_STATE_HOME, or ~/.local/state.
Expected<gateway::Layout> gateway_layout(const Environment& environment);

/// Where its programs are.
Expected<gateway::Shelf> gateway_shelf(const Environment& environment);

/// The file with the login of the gateway's registry, when that is where the image is.
std::optional<std::filesystem::path> gateway_login(const registry::Reference& reference,
                                                   const Environment& environment);

gateway::Means gateway_means(Environment& environment);

}  // namespace wasmup::commands
