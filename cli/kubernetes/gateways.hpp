// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kubectl.hpp"
#include "policy.hpp"

namespace wasmup::kubernetes {

/// The Gateways that a target's traffic comes through: itself, or the parents of the route.
std::vector<Name> gateways_of(const Json& target);

/// The labels by which everything of a Gateway's proxies is found.
Labels labels_of_proxies(const Name& gateway);

/// A host that requests for this target may name: the first of its hostnames, without a wildcard; else of its
/// Gateway's listeners. Empty if any will do.
std::string host_for(const Json& target);

/// A path the target's first rule takes; "/" if all will do.
std::string path_for(const Json& target);

/// Where a Gateway answers, seen from this machine.
struct Entrance {
  std::string url;  ///< "http://10.0.0.1:80"
  std::optional<Forward>
      forward;  ///< held open for as long as the URL is used; without it, the address itself
};

/// The port of the first listener that speaks HTTP, or of `section`; nothing if there is none.
std::optional<uint16_t> http_port(const Json& gateway, const std::string& section);

/// "http://ADDRESS:PORT"; nothing while the Gateway has no address.
std::optional<std::string> address_of(const Json& gateway, const std::string& section);

/// Through kubectl, to the Gateway's Service: works without an address, and where the address does not lead.
Expected<Entrance> forward_to(const Kubectl& kubectl, const Json& gateway, const std::string& section);

}  // namespace wasmup::kubernetes
