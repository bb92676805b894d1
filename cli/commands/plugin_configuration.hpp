// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "../error.hpp"
#include "../text/file.hpp"

namespace wasmup::commands {

/// Where a filter's configuration comes from: JSON as it was given, or a file with JSON in it.
struct ConfigurationSource {
  std::string json = {};
  std::optional<text::Origin> file = {};
};

/// Of what --config was given: JSON, or @FILE.
ConfigurationSource config_source(const std::string& argument);

/// It comes back byte for byte, for that is how Envoy Gateway hands it to a filter; but it must be JSON, and
/// have at most 16 MiB.
Expected<std::string> read_plugin_configuration(const ConfigurationSource& source);

}  // namespace wasmup::commands
