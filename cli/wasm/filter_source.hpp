// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "../error.hpp"

namespace wasmup::wasm {

/// What makes one module.
struct FilterSource {
  std::string name;                          ///< of the folder, or of the file without .cpp
  std::vector<std::filesystem::path> files;  ///< sorted
};

/// Of a filter folder, that is one with .cpp files that are not tests (*_test.cpp), or of one .cpp file.
Expected<FilterSource> find_filter_source(const std::filesystem::path& path);

}  // namespace wasmup::wasm
