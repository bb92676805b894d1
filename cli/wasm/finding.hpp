// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace wasmup::wasm {

enum class Severity {
  refusal,  ///< Envoy does not load the module
  warning   ///< it does, and the module will hardly do what was meant
};

/// One thing that is wrong with a module, and what to do about it.
struct Finding {
  std::string seen;
  std::string cure;
  Severity severity = Severity::refusal;
  std::optional<size_t> offset = {};  ///< of the place in the file, where there is one
};

/// What was seen, and where.
std::string to_string(const Finding&);

}  // namespace wasmup::wasm
