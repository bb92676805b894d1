// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace wasmup::wasm {

/// One reason why a module cannot run in Envoy, and what to do about it.
struct Refusal {
  std::string seen;
  std::string cure;
};

}  // namespace wasmup::wasm
