// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmup::wasm {

/// The functions that the SDK calls by their names.
std::span<const std::string_view> sdk_callbacks();

/// A function whose name begins as a callback's does, and which neither the SDK nor anything else calls.
struct Uncalled {
  std::filesystem::path file;
  size_t line = 0;
  size_t column = 0;
  std::string name;
  std::string nearest;  ///< the callback that was likely meant; empty if there is none
};

/// Those that these sources declare, and the headers of their folders which they include by quotes. A name
/// that is used anywhere in these, or in another header that is included by quotes, is its author's own. Of
/// what is too large to be a filter's source nothing is said.
std::vector<Uncalled> find_uncalled(const std::vector<std::filesystem::path>& sources);

/// A line each, as compilers warn.
std::string warnings_of(const std::vector<Uncalled>&);

}  // namespace wasmup::wasm
