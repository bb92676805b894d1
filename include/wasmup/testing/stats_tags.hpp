// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <wasmup/metric.hpp>

namespace wasmup::testing {

/// What Envoy's configuration needs to make tags of the family's labels, to be pasted into its bootstrap
/// (Envoy Gateway: EnvoyProxy, `spec.bootstrap`).
template <class Family>
std::string stats_tags(const Family& family) {
  std::string yaml = "stats_config:\n  stats_tags:\n";
  for (const auto& label : family.labels()) {
    yaml += "  - tag_name: " + std::string(label) + "\n    regex: \"" + stats_tag_regex(label) + "\"\n";
  }
  return yaml;
}

}  // namespace wasmup::testing
