// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/layout.hpp"

namespace wasmup::commands {

struct GatewayLogsFlags {
  std::string process = "envoy";
  bool follow = false;
  std::optional<size_t> lines = {};
};

/// Prints the log of a process; with `follow`, until Ctrl-C or the gateway's end.
Expected<void> show_gateway_logs(const gateway::Layout& layout, const GatewayLogsFlags& flags,
                                 Environment& environment);

}  // namespace wasmup::commands
