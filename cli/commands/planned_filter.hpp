// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "../environment.hpp"
#include "../error.hpp"
#include "plugin_configuration.hpp"

namespace wasmup::commands {

/// A filter as flags name it.
struct FilterFlags {
  std::optional<std::string> path = {};
  std::optional<std::string> config = {};
  std::optional<std::string> root_id = {};
};

/// What they come to, with what its folder's wasmup.yaml says where they say nothing.
struct PlannedFilter {
  std::filesystem::path path;  ///< a folder, a .cpp or a .wasm file
  std::optional<ConfigurationSource> config;
  std::string configuration;
  std::string root_id;
  std::optional<text::Origin> requests;  ///< as its wasmup.yaml names them
};

Expected<PlannedFilter> plan_filter(const FilterFlags& flags, const Environment& environment);

}  // namespace wasmup::commands
