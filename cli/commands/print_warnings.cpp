// SPDX-License-Identifier: MIT
#include "print_warnings.hpp"

namespace wasmup::commands {

void print_warnings(terminal::Terminal& terminal, const wasm::Examination& examination) {
  for (const wasm::Finding& finding : examination.findings) {
    if (finding.severity != wasm::Severity::warning) continue;
    terminal.say("warning", {to_string(finding), finding.cure}, terminal::Style::warning);
  }
}

}  // namespace wasmup::commands
