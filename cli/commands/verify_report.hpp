// SPDX-License-Identifier: MIT
#pragma once

#include "../terminal/terminal.hpp"
#include "../traffic/check.hpp"

namespace wasmup::commands {

/// A line for a case that holds; for another, what was expected and what was seen.
void print_report(terminal::Terminal& terminal, const traffic::Report& report);

}  // namespace wasmup::commands
