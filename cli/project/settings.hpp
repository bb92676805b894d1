// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "../error.hpp"
#include "../text/file.hpp"

namespace wasmup::project {

inline constexpr const char* settings_file = "wasmup.yaml";

/// What a filter's folder says of itself, so that flags need not (wasmup.yaml).
struct Settings {
  std::optional<std::string> root_id;
  std::optional<text::Origin> config;    ///< the file with the plugin configuration
  std::optional<text::Origin> requests;  ///< the file with requests and what must come of them
};

/// Of this folder; all empty when it has no such file. The files that it names lie in the folder. An error is
/// one of usage, with file, line and column.
Expected<Settings> read_settings(const std::filesystem::path& folder);

}  // namespace wasmup::project
