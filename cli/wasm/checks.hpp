// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "decoder.hpp"
#include "finding.hpp"
#include "host_functions.hpp"

/// The parts of module_check.hpp, each with its own file. They add to what was found before.
namespace wasmup::wasm {

using Findings = std::vector<Finding>;

void check_imports(const Module&, Host, Findings&);
void check_exports(const Module&, Host, Findings&);
void check_memory(const Module&, Findings&);

/// Whether it exports a function of this name.
bool exports_function(const Module&, std::string_view name);

}  // namespace wasmup::wasm
