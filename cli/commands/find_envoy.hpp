// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "../environment.hpp"
#include "../error.hpp"

namespace wasmup::commands {

/// `wanted` (--envoy), else $WASMUP_ENVOY, else what ./wasmup has set up, else the one on the PATH.
Expected<std::filesystem::path> find_envoy(const Environment& environment,
                                           const std::optional<std::string>& wanted);

}  // namespace wasmup::commands
