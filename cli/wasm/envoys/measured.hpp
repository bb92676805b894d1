// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace wasmup::wasm {

/// A line of functions.tsv, which probe.py makes by asking each Envoy.
struct MeasuredFunction {
  std::string_view kind;  ///< "import": Envoy offers it; "export": Envoy looks for it
  std::string_view module;
  std::string_view name;
  std::string_view parameters;  ///< letters as in wasmup/signatures.hpp
  std::string_view result;
  std::string_view abis;    ///< the versions of the ABI it is for, a blank between them
  std::string_view envoys;  ///< the Envoys that have it, likewise, oldest first
};

/// By kind, module and name.
std::span<const MeasuredFunction> measured_functions();

}  // namespace wasmup::wasm
