// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "../error.hpp"

namespace wasmup::text {

/// A file's whole content. An error is one of usage: the name came from the user.
Expected<std::string> read_file(const std::filesystem::path& path);

/// Writes a whole file or leaves what is there; folders on the way to it are made.
Expected<void> write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace wasmup::text
