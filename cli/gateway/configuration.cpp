// SPDX-License-Identifier: MIT
#include "configuration.hpp"

#include <fmt/format.h>
#include <system_error>

#include "../envoy/bootstrap.hpp"
#include "../text/file.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;

/// The controller's console would show whoever is on this machine what was applied. It cannot be turned off;
/// where it cannot listen, the controller does without it.
constexpr int no_port = 65536;

Json controller_configuration(const Layout& layout) {
  const Json host{{"configHome", layout.controller_folder("config").string()},
                  {"dataHome", layout.controller_folder("data").string()},
                  {"stateHome", layout.controller_folder("state").string()},
                  {"runtimeDir", layout.controller_folder("run").string()}};
  return {
      {"apiVersion", "gateway.envoyproxy.io/v1alpha1"},
      {"kind", "EnvoyGateway"},
      {"gateway", {{"controllerName", "gateway.envoyproxy.io/gatewayclass-controller"}}},
      {"provider",
       {{"type", "Custom"},
        {"custom",
         {{"resource", {{"type", "File"}, {"file", {{"paths", Json::array({layout.watched().string()})}}}}},
          {"infrastructure", {{"type", "Host"}, {"host", host}}}}}}},
      {"admin", {{"address", {{"host", "127.0.0.1"}, {"port", no_port}}}}},
      {"telemetry", {{"metrics", {{"prometheus", {{"disable", true}}}}}}},
      {"logging", {{"level", {{"default", "info"}}}, {"encoder", "JSON"}}},
      {"extensionApis", {{"enableBackend", true}, {"enableEnvoyPatchPolicy", true}}}};
}

/// JSON is YAML, which the registry reads.
Json registry_configuration(const Layout& layout, const Settings& settings) {
  return {{"version", 0.1},
          {"log", {{"level", "info"}, {"accesslog", {{"disabled", true}}}}},
          {"storage",
           {{"filesystem", {{"rootdirectory", layout.registry_data().string()}}},
            {"delete", {{"enabled", true}}}}},
          {"auth", {{"htpasswd", {{"realm", "wasmup"}, {"path", layout.registry_users().string()}}}}},
          {"http", {{"addr", fmt::format("127.0.0.1:{}", settings.registry_port)}}}};
}

/// Leaves its number, the controller's and Envoy's arguments for the supervisor, each ended by a zero byte,
/// and stays until the controller ends it.
std::string stand_in(const Layout& layout) {
  return fmt::format(
      "#!/bin/sh\n"
      "# For the controller, this is Envoy. The supervisor runs the real one with these arguments: like in "
      "a\n"
      "# cluster, an Envoy goes on when its controller does not.\n"
      "cd '{}' || exit 1\n"
      "printf '%s\\0' \"$$\" \"$PPID\" \"$@\" >\".$4.$$\" && mv \".$4.$$\" \"$4\" || exit 1\n"
      "[ -p .wait ] || mkfifo .wait\n"
      "read -r nothing <.wait  # that nobody writes to\n",
      layout.proxies().string());
}

Expected<void> write_stand_in(const Layout& layout, const std::string& envoy_version) {
  const fs::path file = layout.controller_folder("data") / "envoy-versions" / envoy_version / "bin" / "envoy";
  if (const auto written = text::write_file(file, stand_in(layout)); !written) return written;
  std::error_code error;
  fs::permissions(file, fs::perms::owner_all, error);
  return {};
}

}  // namespace

Expected<void> write_configurations(const Layout& layout, const Settings& settings) {
  envoy::Bootstrap upstream;
  upstream.port = settings.upstream_port;
  for (const auto& [file, text] :
       {std::pair{layout.controller_configuration(), controller_configuration(layout).dump(2)},
        {layout.registry_configuration(), registry_configuration(layout, settings).dump(2)},
        {layout.upstream_configuration(), envoy::to_json(upstream)}}) {
    if (const auto written = text::write_file(file, text); !written) return written;
  }
  return write_stand_in(layout, settings.envoy_version);
}

}  // namespace wasmup::gateway
