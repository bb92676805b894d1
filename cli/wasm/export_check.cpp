// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "../text/suggestion.hpp"
#include "callbacks.hpp"
#include "checks.hpp"
#include "signature_text.hpp"

namespace wasmup::wasm {
namespace {

constexpr size_t most_suggestions = 100;  // looking for one takes time

/// Envoy looks at some exports only when another one is (not) there.
std::set<std::string_view> names_not_looked_at(const Module& module) {
  std::set<std::string_view> names;
  if (exports_function(module, "_initialize")) {
    names.insert("_start");
  } else {
    names.insert({"main", "__main_void"});
  }
  if (exports_function(module, "malloc")) names.insert("proxy_on_memory_allocate");
  return names;
}

void check_signature(const Export& exported, const abi::Signature& expected, Findings& found) {
  if (expected.parameters == exported.type.parameters && expected.result == exported.type.results) return;
  found.push_back({fmt::format("it exports {} as {}, and Envoy calls it as {}", exported.name,
                               shown(exported.type), shown(expected.parameters, expected.result)),
                   fmt::format("give {} that signature, or another name", exported.name), Severity::refusal,
                   exported.offset});
}

bool is_like_a_callback(std::string_view name) {
  return name.starts_with("proxy_on_") || name.starts_with("proxy_validate");
}

Finding misspelled(const Export& exported) {
  std::vector<std::string> names;
  for (const Callback& one : callbacks()) names.emplace_back(one.name);
  const std::string nearest = text::nearest(exported.name, names);
  return {fmt::format("it exports {}, which Envoy never calls", exported.name),
          nearest.empty() ? "give it the name of a callback, or take it away"
                          : fmt::format("did you mean {}?", nearest),
          Severity::warning, exported.offset};
}

}  // namespace

bool exports_function(const Module& module, std::string_view name) {
  return std::ranges::any_of(module.exports, [name](const Export& exported) {
    return exported.kind == Kind::function && exported.name == name;
  });
}

void check_exports(const Module& module, Host host, Findings& found) {
  if (!exports_function(module, "malloc") && !exports_function(module, "proxy_on_memory_allocate")) {
    found.push_back({"it exports no allocator (malloc or proxy_on_memory_allocate)",
                     "export one: WASMUP_REGISTER does, and clang does with -Wl,--export=malloc"});
  }
  const std::set<std::string_view> not_looked_at = names_not_looked_at(module);
  size_t unknown = 0;
  for (const Export& exported : module.exports) {
    if (exported.kind != Kind::function || not_looked_at.contains(exported.name)) continue;
    if (const std::optional<abi::Signature> expected = callback(host, exported.name)) {
      check_signature(exported, *expected, found);
    } else if (is_like_a_callback(exported.name) && unknown++ < most_suggestions) {
      found.push_back(misspelled(exported));
    }
  }
}

}  // namespace wasmup::wasm
