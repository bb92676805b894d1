// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../os/installation.hpp"
#include "../os/processes.hpp"
#include "filter_source.hpp"
#include "uncalled.hpp"

namespace wasmup::wasm {

/// A compiler that makes modules.
struct Compiler {
  std::filesystem::path program;
  /// zig lays the stack below the data by itself, and refuses to be told so.
  bool lays_stack_first = false;
};

/// `wanted` ("zig", "clang" or a program), else the first there is: the zig of this installation, or a clang
/// of version 19 or later with the wasm32 libraries on the PATH.
Expected<Compiler> find_compiler(os::Processes& processes, const std::optional<std::string>& wanted,
                                 const os::Installation& installation);

struct Compiled {
  std::string module;    ///< as Envoy gets it
  std::string symbols;   ///< the same, with names and debug information behind it
  std::string warnings;  ///< what the compiler said besides, and then the same of `uncalled`
  std::vector<Uncalled> uncalled;
};

enum class Optimize {
  size,      ///< as every module that is to be served
  debugging  ///< less, and the module keeps its functions' names, which Envoy then shows in a backtrace
};

/// Compiles, always: it takes a second or two, which is less than a stale module costs. The same source,
/// compiler and SDK give the same module wherever they lie. An error in the source is build_failed: `seen` is
/// all the compiler said and then what is uncalled, `next` points to the first error. `headers` may be what
/// precompile() has left.
Expected<Compiled> compile(os::Processes& processes, const Compiler& compiler,
                           const os::Installation& installation, const FilterSource& source,
                           Optimize optimize = Optimize::size, const std::filesystem::path& headers = {});

/// Compiles the SDK's headers to `output`: with them, a filter takes a quarter of the time, and becomes the
/// same module.
Expected<void> precompile(os::Processes& processes, const Compiler& compiler,
                          const os::Installation& installation, const std::filesystem::path& output);

}  // namespace wasmup::wasm
