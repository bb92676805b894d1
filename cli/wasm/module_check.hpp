// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "../error.hpp"
#include "refusal.hpp"

namespace wasmup::wasm {

/// Every reason that can be known before Envoy starts; none: it will load. What its code
/// does when it runs, such as refusing its configuration, cannot be known.
std::vector<Refusal> refusals(std::string_view bytes);

/// Whether it is for TCP connections, and not for HTTP.
bool filters_connections(std::string_view bytes);

/// The same as an error (module_refused) about the module called `name`.
Expected<void> check_module(std::string_view bytes, std::string_view name);

}  // namespace wasmup::wasm
