// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../error.hpp"
#include "policy.hpp"

namespace wasmup::policy {

/// The same filters in an Envoy that no gateway looks after: a whole configuration, as YAML, that listens on
/// 127.0.0.1:10000 before a server on 127.0.0.1:8080. Envoy knows no images: the module of one is the file
/// NAME.wasm in the folder that Envoy is started in.
Expected<std::string> to_plain_envoy(const Policy& policy);

/// The same filters for Istio: a WasmPlugin each, as YAML documents. Istio attaches them to gateways, not to
/// routes: other targets are an error of usage.
Expected<std::string> to_istio(const Policy& policy);

}  // namespace wasmup::policy
