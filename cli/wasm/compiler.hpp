// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "filter_source.hpp"

namespace wasmup::wasm {

/// A compiler that makes modules.
struct Compiler {
  std::filesystem::path program;
  /// zig lays the stack below the data by itself, and refuses to be told so.
  bool lays_stack_first = false;
};

/// The first there is: `wanted` ($WASMUP_WASM_CXX), what ./wasmup has set up under `root`, or a clang of
/// version 19 or later with the wasm32 libraries on the PATH.
Expected<Compiler> find_compiler(os::Processes& processes, const std::optional<std::string>& wanted,
                                 const std::filesystem::path& root);

/// Compiles to `output`, always: it takes about a second, which is less than a stale module costs. The answer
/// is what the compiler said besides (warnings). An error in the source is build_failed: `seen` is all the
/// compiler said, `next` points to the first error.
Expected<std::string> compile(os::Processes& processes, const Compiler& compiler,
                              const std::filesystem::path& root, const FilterSource& source,
                              const std::filesystem::path& output);

}  // namespace wasmup::wasm
