// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "../module_path.hpp"

namespace wasmup::testing {

std::string module_path() {
  const char* const path = std::getenv("WASMUP_SIMULATED_MODULE");
  return path != nullptr ? path : "";
}

}  // namespace wasmup::testing
