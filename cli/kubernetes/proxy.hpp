// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../http/client.hpp"
#include "kubectl.hpp"
#include "policy.hpp"

namespace wasmup::kubernetes {

/// A module as a proxy has it in its configuration.
struct RunningModule {
  std::string policy =
      {};  ///< "NAMESPACE/NAME" of the policy it comes from; empty if it comes from elsewhere
  std::string name = {};
  std::string root_id = {};
  std::string sha256 = {};  ///< of the module's bytes
  bool fail_open = false;

  bool operator==(const RunningModule&) const = default;
};

/// The Wasm filters in Envoy's /config_dump.
std::vector<RunningModule> modules_in(const Json& config_dump);

/// What Envoy's /stats?format=json has of Wasm, by name.
std::map<std::string, int64_t> counters_in(const Json& stats);

/// An Envoy of a Gateway, as its administration interface shows it.
struct Proxy {
  Name pod;
  bool is_ready = false;
  std::string problem = {};  ///< why nothing more is known of it
  std::vector<RunningModule> modules = {};
  std::map<std::string, int64_t> counters = {};
};

using Send = std::function<Expected<http::Response>(const http::Request&)>;

/// The pods of a Gateway's proxies, and what each of them runs.
Expected<std::vector<Proxy>> proxies_of(const Kubectl& kubectl, const Name& gateway, const Send& send);

}  // namespace wasmup::kubernetes
