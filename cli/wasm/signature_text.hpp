// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "decoder.hpp"

namespace wasmup::wasm {

/// "(i32 i64) -> i32", of letters as in FunctionType.
std::string shown(std::string_view parameters, std::string_view results);
inline std::string shown(const FunctionType& type) { return shown(type.parameters, type.results); }

}  // namespace wasmup::wasm
