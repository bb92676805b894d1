// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>

#include "checks.hpp"

namespace wasmup::wasm {
namespace {

constexpr uint64_t most_pages = 16384;  // 1 GiB, Envoy's limit (limits.h of its Proxy-Wasm host)

bool shows_its_memory(const Module& module) {
  const auto is_memory = [](const auto& one) { return one.kind == Kind::memory; };
  return std::ranges::any_of(module.imports, is_memory) || std::ranges::any_of(module.exports, is_memory);
}

}  // namespace

void check_memory(const Module& module, Findings& found) {
  if (!shows_its_memory(module)) {
    found.push_back({fmt::format("it {}, and Envoy would crash at its first hostcall",
                                 module.memories.empty() ? "has no memory" : "does not export its memory"),
                     "export the memory under the name memory"});
    return;
  }
  for (const Memory& memory : module.memories) {
    if (memory.initial <= most_pages) continue;
    found.push_back({fmt::format("it starts with {} pages of memory, and Envoy gives at most {} (1 GiB)",
                                 memory.initial, most_pages),
                     "link it with a smaller --initial-memory"});
    return;
  }
  if (module.stack_top && module.data_start && *module.data_start < *module.stack_top) {
    found.push_back(
        {"its stack lies above its data, so that a stack that grows too large overwrites them "
         "instead of trapping",
         "link it with -Wl,--stack-first", Severity::warning});
  }
}

}  // namespace wasmup::wasm
