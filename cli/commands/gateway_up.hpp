// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/gateway.hpp"

namespace wasmup::commands {

struct GatewayFlags {
  std::optional<std::string> envoy = {};    ///< as for find_envoy()
  uint16_t port = 0;                        ///< of its Gateway; 0: a free one
  std::vector<std::string> variables = {};  ///< names of ours that its processes and filters see
};

/// The gateway, started if it does not run: with a Gateway and a route to the built-in upstream. `meanwhile`
/// is done in any case, while it starts; if that fails, nothing is left that was not there before. True if
/// the gateway was not there before.
Expected<bool> ensure_gateway(const gateway::Layout& layout, const GatewayFlags& flags,
                              Environment& environment, const std::function<Expected<void>()>& meanwhile);

/// Where the Gateway that comes with it listens.
Expected<uint16_t> default_port(const gateway::Layout& layout);

/// From "NAMESPACE/SERVICE=HOST:PORT" texts.
Expected<std::map<std::string, std::string>> parse_backends(const std::vector<std::string>& texts);

/// Says which of what was changed is not as in a cluster.
void print_notes(const gateway::Changed& changed, Environment& environment);

}  // namespace wasmup::commands
