// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "../error.hpp"

namespace wasmup::text {

/// A file's whole content. An error is one of usage: the name came from the user.
Expected<std::string> read_file(const std::filesystem::path& path);

}  // namespace wasmup::text
