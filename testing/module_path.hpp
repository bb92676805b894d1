// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace wasmup::testing {

/// The module that a test runs: compiled into each test of a built module (see cmake/WasmupFilter.cmake).
std::string module_path();

}  // namespace wasmup::testing
