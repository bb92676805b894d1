// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "../error.hpp"
#include "yaml.hpp"

namespace wasmup::policy {

/// What is wrong with one field.
struct Problem {
  std::string field;  ///< "spec.wasm[0].code.type"
  std::string why;
};

/// All that Envoy Gateway 1.9's custom resource would refuse in an EnvoyExtensionPolicy, as far as it is
/// about Wasm: the structural schema (envoy_extension_policy.schema.json), what its CEL rules mean (written
/// anew here: nothing evaluates CEL), and what the gateway itself refuses later. None: it is fine.
std::vector<Problem> problems(const Document& policy);

/// The same as an error of usage, one line a field.
Expected<void> check(const Document& policy);

}  // namespace wasmup::policy
