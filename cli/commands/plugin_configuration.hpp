// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../error.hpp"

namespace wasmup::commands {

/// The filter's configuration from what --config was given: JSON, or @FILE with JSON in it. It comes back
/// byte for byte, for that is how Envoy Gateway hands it to a filter; but it must be JSON.
Expected<std::string> read_plugin_configuration(const std::string& argument);

}  // namespace wasmup::commands
