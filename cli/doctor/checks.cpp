// SPDX-License-Identifier: MIT
#include "checks.hpp"

#include <algorithm>

namespace wasmup::doctor {

Findings check(const Snapshot& seen) {
  Findings all;
  check_access(seen, all);
  if (!seen.unreachable.empty()) return all;
  for (const auto look : {check_definitions, check_controller, check_wasm_cache, check_classes,
                          check_gateways, check_routes, check_backends, check_targets, check_pull_secrets,
                          check_marks, check_acceptance, check_proxies, check_traffic}) {
    look(seen, all);
  }
  Findings once;
  for (Finding& one : all) {
    const bool is_known = std::ranges::any_of(
        once, [&](const Finding& other) { return other.name == one.name && other.evidence == one.evidence; });
    if (!is_known) once.push_back(std::move(one));
  }
  return once;
}

}  // namespace wasmup::doctor
