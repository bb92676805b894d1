// SPDX-License-Identifier: MIT
#include "module_path.hpp"

namespace wasmup::testing {

std::string module_path() { return WASMUP_MODULE_UNDER_TEST; }

}  // namespace wasmup::testing
