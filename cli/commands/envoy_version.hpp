// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../environment.hpp"

namespace wasmup::commands {

/// What an Envoy says of itself ("1.40.0"); empty if it says nothing.
std::string version_of_envoy(Environment& environment, const std::string& envoy);

}  // namespace wasmup::commands
