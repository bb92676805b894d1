// SPDX-License-Identifier: MIT
#include "gateway_world.hpp"

#include <fmt/format.h>

#include "cache_folder.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> no_home() {
  return std::unexpected(Error{ExitCode::environment, "there is no home folder", "HOME is not set",
                               "set HOME, or XDG_STATE_HOME and XDG_CACHE_HOME"});
}

}  // namespace

Expected<gateway::Layout> gateway_layout(const Environment& environment) {
  const fs::path ours = fs::path("wasmup") / "gateway";
  if (const auto folder = environment.variable("XDG_STATE_HOME")) return gateway::Layout(*folder / ours);
  if (const auto home = environment.variable("HOME")) {
    return gateway::Layout(fs::path(*home) / ".local" / "state" / ours);
  }
  return no_home();
}

Expected<gateway::Shelf> gateway_shelf(const Environment& environment) {
  const auto cache = cache_folder(environment);
  if (!cache) return no_home();
  return gateway::Shelf{environment.variable("WASMUP_ENVOY_GATEWAY"), *cache,
                        environment.installation.data / "requirements"};
}

std::optional<fs::path> gateway_login(const registry::Reference& reference, const Environment& environment) {
  const auto layout = gateway_layout(environment);
  const auto settings = layout ? gateway::read_settings(*layout) : std::nullopt;
  if (!settings || !gateway::find_running(*layout)) return std::nullopt;
  for (const char* host : {"127.0.0.1", "localhost"}) {
    if (reference.host == fmt::format("{}:{}", host, settings->registry_port))
      return layout->registry_login();
  }
  return std::nullopt;
}

gateway::Means gateway_means(Environment& environment) {
  return {environment.processes, environment.network, environment.send,
          environment.now,       environment.pause,   environment.interrupted};
}

}  // namespace wasmup::commands
