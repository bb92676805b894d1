// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::wasm {

/// The module without its custom sections, but for those named in `kept`: names and debug information are for
/// us, not for Envoy. Nothing else moves, so places in the one are places in the other. What is no whole
/// module comes back as it is.
std::string without_custom_sections(std::string_view module, std::string_view kept = "");

/// The module with an empty name section behind it (12 bytes): only if there is one does Envoy print where a
/// module has trapped.
std::string with_backtraces(std::string module);

}  // namespace wasmup::wasm
