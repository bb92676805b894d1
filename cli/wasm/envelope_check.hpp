// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "refusal.hpp"

namespace wasmup::wasm {

/// Whether the bytes are a WebAssembly module at all, and all of it: its header, and the sizes of its
/// sections.
std::optional<Refusal> check_envelope(std::string_view bytes);

}  // namespace wasmup::wasm
