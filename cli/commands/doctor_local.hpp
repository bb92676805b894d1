// SPDX-License-Identifier: MIT
#pragma once

#include "../doctor/finding.hpp"
#include "../environment.hpp"

namespace wasmup::commands {

/// Whether this machine has what the other commands need.
doctor::Findings check_this_machine(Environment& environment);

}  // namespace wasmup::commands
