// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../environment.hpp"
#include "../error.hpp"
#include "deploy_plan.hpp"

namespace wasmup::commands {

struct Published {
  std::string digest;       ///< of the image's manifest, 64 hexadecimal digits
  std::string module = {};  ///< SHA-256 of the module in it; empty if it could not be read from here
};

/// Brings the image to its registry, or finds it there. A dry run packs and looks, and pushes nothing.
Expected<Published> publish(const DeployPlan& plan, const RegistryFlags& flags, bool dry_run,
                            Environment& environment);

}  // namespace wasmup::commands
