// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "decoder.hpp"
#include "finding.hpp"
#include "host_functions.hpp"

namespace wasmup::wasm {

/// All that can be known of a module before Envoy starts. What its code does when it runs, such as refusing
/// its configuration, cannot be known.
struct Examination {
  std::optional<Module> module;  ///< nothing: it cannot be read, as the one finding says
  std::vector<Finding> findings;
  std::string_view envoy;  ///< in which it is to run

  /// Whether Envoy loads it.
  bool loads() const;
};

/// For a known Envoy.
Examination examine(std::string_view bytes, std::string_view envoy = default_envoy());

/// Envoy takes the first marker it finds, as long as it is a function.
std::optional<AbiVersion> abi_version_of(const Module& module);

/// Whether it is for TCP connections, and not for HTTP.
bool filters_connections(const Module& module);

/// The refusals as an error (module_refused) about the module called `name`.
Expected<void> verdict(const Examination& examination, std::string_view name);
Expected<void> check_module(std::string_view bytes, std::string_view name);

}  // namespace wasmup::wasm
