// SPDX-License-Identifier: MIT
#include "finding.hpp"

#include "../text/visible.hpp"

namespace wasmup::wasm {

std::string to_string(const Finding& finding) {
  std::string seen = text::visible(finding.seen);  // it has names of the module
  if (!finding.offset) return seen;
  return seen + " (byte " + std::to_string(*finding.offset) + ")";
}

}  // namespace wasmup::wasm
