// SPDX-License-Identifier: MIT
#include "finding.hpp"

namespace wasmup::wasm {

std::string to_string(const Finding& finding) {
  if (!finding.offset) return finding.seen;
  return finding.seen + " (byte " + std::to_string(*finding.offset) + ")";
}

}  // namespace wasmup::wasm
