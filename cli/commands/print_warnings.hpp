// SPDX-License-Identifier: MIT
#pragma once

#include "../terminal/terminal.hpp"
#include "../wasm/module_check.hpp"

namespace wasmup::commands {

/// What does not keep a module from loading, with the cures.
void print_warnings(terminal::Terminal&, const wasm::Examination&);

}  // namespace wasmup::commands
