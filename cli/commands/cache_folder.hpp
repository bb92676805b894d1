// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>

#include "../environment.hpp"
#include "../wasm/compiler.hpp"

namespace wasmup::commands {

/// Where an installed wasmup's zig keeps its C++ library (cmake/bin/zig-c++); nothing without a home.
std::optional<std::filesystem::path> cache_folder(const Environment& environment);

/// Says that the first compilation takes long, if this is it.
void announce_first_compilation(Environment& environment, const wasm::Compiler& compiler);

}  // namespace wasmup::commands
