// SPDX-License-Identifier: MIT
#include "gateway_up.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>

#include "find_envoy.hpp"
#include "gateway_world.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;
using gateway::Json;

constexpr const char* default_gateway_port = "default/eg/80";

/// What `kubectl apply` would be given in a cluster for a first request: a Gateway, and a route to a Service.
std::vector<Json> default_objects() {
  Json gateway{{"apiVersion", "gateway.networking.k8s.io/v1"},
               {"kind", "Gateway"},
               {"metadata", {{"name", "eg"}, {"namespace", "default"}}},
               {"spec",
                {{"gatewayClassName", gateway::class_name},
                 {"listeners", Json::array({{{"name", "http"}, {"protocol", "HTTP"}, {"port", 80}}})}}}};
  Json route{
      {"apiVersion", "gateway.networking.k8s.io/v1"},
      {"kind", "HTTPRoute"},
      {"metadata", {{"name", "backend"}, {"namespace", "default"}}},
      {"spec",
       {{"parentRefs", Json::array({{{"name", "eg"}}})},
        {"rules", Json::array({{{"backendRefs", Json::array({{{"name", "backend"}, {"port", 3000}}})}}})}}}};
  return {std::move(gateway), std::move(route)};
}

/// What Envoy says of itself: "PROGRAM  version: HASH/1.40.0/Clean/RELEASE/BoringSSL".
Expected<std::string> version_of_envoy(const fs::path& envoy, Environment& environment) {
  const auto finished = environment.processes.run({{envoy, "--version"}}, std::chrono::seconds(20));
  if (!finished) return std::unexpected(finished.error());
  const std::string& output = finished->output;
  const size_t first = output.find('/', output.find("version: "));
  const size_t second = output.find('/', first + 1);
  if (second != std::string::npos) return output.substr(first + 1, second - first - 1);
  return std::unexpected(
      Error{ExitCode::environment, envoy.string() + " does not say its version", output, ""});
}

Expected<gateway::Settings> find_programs(const std::optional<std::string>& envoy, Environment& environment) {
  gateway::Settings settings;
  const auto shelf = gateway_shelf(environment);
  if (!shelf) return std::unexpected(shelf.error());
  const auto controller = gateway::find_controller(environment.processes, *shelf);
  if (!controller) return std::unexpected(controller.error());
  const auto registry = gateway::find_debian_program(environment.processes, "docker-registry");
  if (!registry) return std::unexpected(registry.error());
  const auto found = find_envoy(environment, envoy);
  if (!found) return std::unexpected(found.error());
  const auto version = version_of_envoy(*found, environment);
  if (!version) return std::unexpected(version.error());
  settings.controller = fs::absolute(*controller);
  settings.registry = fs::absolute(*registry);
  settings.envoy = fs::absolute(*found);
  settings.envoy_version = *version;
  return settings;
}

/// A route takes a moment from the controller to Envoy, the first one also Envoy's start.
Expected<void> wait_for_traffic(const gateway::Layout& layout, Environment& environment) {
  const auto port = default_port(layout);
  if (!port) return std::unexpected(port.error());
  const auto deadline = environment.now() + std::chrono::seconds(60);
  std::string seen = "nothing";
  while (environment.now() < deadline && !environment.interrupted()) {
    const auto response = environment.send(
        {.url = fmt::format("http://127.0.0.1:{}/", *port), .limit = std::chrono::seconds(5)});
    if (response && response->status == 200) return {};
    seen = response ? fmt::format("status {}", response->status) : response.error().seen;
    environment.pause(std::chrono::milliseconds(25));
  }
  if (environment.interrupted()) {
    return std::unexpected(
        Error{ExitCode::interrupted, "the gateway does not answer yet", "interrupted", ""});
  }
  return std::unexpected(Error{ExitCode::environment, "the gateway does not answer", seen,
                               "wasmup gateway status, wasmup gateway logs envoy"});
}

/// The values of the variables that the user names.
Expected<gateway::Variables> read_variables(const std::vector<std::string>& names,
                                            const Environment& environment) {
  gateway::Variables variables;
  for (const std::string& name : names) {
    const auto value = environment.variable(name);
    if (!value) {
      return std::unexpected(Error{ExitCode::usage, "--env " + name + " is not set in your environment", "",
                                   "--env takes a name; set it: NAME=VALUE wasmup gateway up --env NAME"});
    }
    variables.emplace_back(name, *value);
  }
  return variables;
}

/// A process that runs gets no variable any more.
Expected<void> check_has(const gateway::Layout& layout, const std::vector<std::string>& names) {
  const std::vector<std::string> there =
      gateway::read_settings(layout).value_or(gateway::Settings{}).variables;
  for (const std::string& name : names) {
    if (std::ranges::find(there, name) != there.end()) continue;
    return std::unexpected(Error{ExitCode::usage,
                                 "--env " + name + " cannot be given to the gateway that runs already", "",
                                 "wasmup gateway down, then: wasmup gateway up --env " + name});
  }
  return {};
}

}  // namespace

Expected<bool> ensure_gateway(const gateway::Layout& layout, const GatewayFlags& flags,
                              Environment& environment, const std::function<Expected<void>()>& meanwhile) {
  const auto variables = read_variables(flags.variables, environment);
  if (!variables) return std::unexpected(variables.error());
  if (gateway::find_running(layout)) {
    if (const auto has = check_has(layout, flags.variables); !has) return std::unexpected(has.error());
    const auto done = meanwhile();
    return done ? Expected<bool>(false) : std::unexpected(done.error());
  }
  const gateway::Means means = gateway_means(environment);
  // What one left behind that was killed.
  std::error_code error;
  if (fs::exists(layout.folder(), error)) {
    if (const auto stopped = gateway::stop(layout, means); !stopped) return std::unexpected(stopped.error());
  }
  auto settings = find_programs(flags.envoy, environment);
  if (!settings) return std::unexpected(settings.error());
  settings->variables = flags.variables;
  terminal::Terminal& terminal = environment.terminal;
  terminal.begin("starting", "Envoy Gateway, a registry and the built-in upstream");
  gateway::Objects objects{default_objects(), {}, {}};
  if (flags.port != 0) objects.ports[default_gateway_port] = flags.port;
  if (const auto prepared = gateway::prepare(layout, *settings, objects, means); !prepared) {
    std::error_code ignored;
    fs::remove_all(layout.folder(), ignored);
    return std::unexpected(prepared.error());
  }
  const auto launched = gateway::launch(layout, fs::canonical("/proc/self/exe"), *variables, means);
  if (!launched) return std::unexpected(launched.error());
  auto served = meanwhile();
  if (served) {
    terminal.begin("starting", "Envoy Gateway, a registry and the built-in upstream");
    if (const auto ready = gateway::await_start(layout, means); !ready) return std::unexpected(ready.error());
    terminal.done("started", "Envoy Gateway, a registry and the built-in upstream");
    terminal.begin("waiting", "for Envoy");
    served = wait_for_traffic(layout, environment);
  }
  if (!served) {
    if (const auto stopped = gateway::stop(layout, means); !stopped) terminal.report(stopped.error());
    return std::unexpected(served.error());
  }
  terminal.done("answers", "Envoy, by Gateway eg and HTTPRoute backend");
  return true;
}

Expected<uint16_t> default_port(const gateway::Layout& layout) {
  const auto objects = gateway::read_objects(layout);
  if (objects) {
    const auto found = objects->ports.find(default_gateway_port);
    if (found != objects->ports.end()) return found->second;
  }
  return std::unexpected(Error{ExitCode::environment, "there is no Gateway default/eg",
                               layout.folder().string(), "wasmup gateway down, then: wasmup gateway up"});
}

Expected<std::map<std::string, std::string>> parse_backends(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> backends;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const size_t colon = text.rfind(':');
    uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const bool whole = equals != std::string::npos && colon != std::string::npos && colon > equals + 1 &&
                       text.find('/') < equals && equals > 0;
    if (!whole || std::from_chars(text.data() + colon + 1, end, port).ptr != end || port == 0) {
      return std::unexpected(Error{ExitCode::usage, "--backend does not understand '" + text + "'",
                                   "it is NAMESPACE/SERVICE=HOST:PORT",
                                   "--backend default/backend=127.0.0.1:3000"});
    }
    backends[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return backends;
}

void print_notes(const gateway::Changed& changed, Environment& environment) {
  for (const gateway::Resources::Note& note : changed.notes) {
    environment.terminal.say("note", note.about + ": " + note.text);
  }
}

}  // namespace wasmup::commands
