// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>

#include "commands/inspect_report.hpp"
#include "expect.hpp"
#include "wasm/backtrace.hpp"
#include "wasm/module_check.hpp"
#include "wasm/strip.hpp"

/// Modules as `wasmup inspect` reads them, and logs as `wasmup symbolize` does: whatever the bytes, there is
/// an answer, and what it says of a module lies within it.
namespace {

using namespace wasmup;

void look_at(const wasm::Module& module, size_t size) {
  size_t next = 8;
  for (const wasm::Section& section : module.sections) {
    expect(section.offset == next && section.content > section.offset);
    next += section.size;
    expect(section.content <= next);
  }
  expect(next == size);
  size_t end = 0;
  for (const wasm::Function& function : module.functions) {
    expect(function.offset >= end && function.size <= size && function.offset <= size - function.size);
    end = function.offset + function.size;
    const wasm::Frame frame{function.offset, function.index, function.name, 0, 0};
    expect(function.size == 0 || wasm::function_of(frame, module) == &function);
  }
  const auto lies_within = [size](const auto& one) { return one.offset < size; };
  expect(std::ranges::all_of(module.imports, lies_within) &&
         std::ranges::all_of(module.exports, lies_within));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string_view envoy : {wasm::known_envoys().front(), wasm::default_envoy()}) {
    commands::Inspected inspected{"m.wasm", size, wasm::examine(bytes, envoy), {}};
    if (const auto& module = inspected.examination.module) {
      inspected.root_ids = wasm::root_ids_of(*module, bytes);
    }
    const wasm::Examination& examination = inspected.examination;
    expect(examination.loads() == wasm::verdict(examination, "m.wasm").has_value());
    expect(examination.module || !examination.loads());
    for (const wasm::Finding& finding : examination.findings) {
      expect(!finding.seen.empty() && !finding.cure.empty() && finding.offset.value_or(0) <= size);
    }
    if (examination.module) look_at(*examination.module, size);
    expect(nlohmann::json::accept(commands::to_json(inspected, 5)));
    std::ostringstream out;
    terminal::Terminal terminal(out, out, {});
    commands::print_inspection(terminal, inspected, 5);
    expect(!out.str().contains('\x1b'));
  }
  for (const wasm::Frame& frame : wasm::find_frames(bytes)) {
    expect(frame.begin <= frame.end && frame.end <= size);
  }
  expect(wasm::without_custom_sections(bytes).size() <= size);
  return 0;
}
