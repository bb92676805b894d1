// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "../environment.hpp"
#include "../error.hpp"

namespace wasmup::commands {

/// The filter that is meant: the one that was named; else the folder we are in, when it has a wasmup.yaml;
/// else, in a checkout, the default filter.
Expected<std::filesystem::path> find_filter(const Environment& environment,
                                            const std::optional<std::string>& named);

/// The filter's own folder: a folder itself, or the one a file lies in.
std::filesystem::path folder_of(const std::filesystem::path& filter);

/// Whether a filter is made of files with such names.
bool is_of_a_filter(std::string_view name);

}  // namespace wasmup::commands
