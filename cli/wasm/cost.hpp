// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <wabt/binary-reader.h>

#include "decoder.hpp"

namespace wasmup::wasm {

/// Whether libwabt, or what is shown of the module, would need more than a few seconds or a GB. A few bytes
/// can ask for a lot: each function has a copy of its type, each branch compares the values it takes along.
/// So all of that is added up first, in one pass that keeps nothing but the types.
std::optional<Unreadable> find_excess(std::string_view bytes, const wabt::ReadBinaryOptions& options);

}  // namespace wasmup::wasm
