// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "finding.hpp"

namespace wasmup::wasm {

/// Whether the bytes are a WebAssembly module at all, and all of it: its header, and the sizes of its
/// sections.
std::optional<Finding> check_envelope(std::string_view bytes);

}  // namespace wasmup::wasm
