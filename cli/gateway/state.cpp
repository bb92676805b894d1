// SPDX-License-Identifier: MIT
#include "state.hpp"

#include "../text/file.hpp"
#include "../text/json.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;

Json json_of(const os::ProcessId& id) { return {{"pid", id.number}, {"started", id.started}}; }

os::ProcessId process_id(const Json& json) { return {json.at("pid"), json.at("started")}; }

/// What `read` makes of a file; nothing when it cannot.
template <class Read>
auto read_json(const fs::path& file, Read read) -> std::optional<decltype(read(Json()))> {
  const auto text = text::read_file(file);
  if (!text) return std::nullopt;
  try {
    const Json value = text::parse_json(*text);
    return value.is_discarded() ? std::nullopt : std::optional(read(value));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Expected<void> write_json(const fs::path& file, const Json& json) {
  return text::write_file(file, json.dump(2) + "\n");
}

}  // namespace

Expected<void> write(const Layout& layout, const Settings& settings) {
  return write_json(layout.settings(), {{"controller", settings.controller.string()},
                                        {"envoy", settings.envoy.string()},
                                        {"envoy_version", settings.envoy_version},
                                        {"registry", settings.registry.string()},
                                        {"registry_port", settings.registry_port},
                                        {"upstream_port", settings.upstream_port},
                                        {"variables", settings.variables}});
}

Expected<void> write(const Layout& layout, const Running& running) {
  Json processes = Json::array();
  for (const ProcessState& one : running.processes) {
    processes.push_back(
        {{"name", one.name}, {"id", json_of(one.id)}, {"starts", one.starts}, {"last_end", one.last_end}});
  }
  return write_json(layout.processes(), {{"supervisor", json_of(running.supervisor)},
                                         {"ready", running.ready},
                                         {"failure", running.failure},
                                         {"processes", std::move(processes)}});
}

Expected<void> write(const Layout& layout, const Objects& objects) {
  return write_json(layout.objects(),
                    {{"objects", objects.objects}, {"backends", objects.backends}, {"ports", objects.ports}});
}

std::optional<Settings> read_settings(const Layout& layout) {
  return read_json(layout.settings(), [](const Json& json) {
    return Settings{.controller = json.at("controller").get<std::string>(),
                    .envoy = json.at("envoy").get<std::string>(),
                    .envoy_version = json.at("envoy_version"),
                    .registry = json.at("registry").get<std::string>(),
                    .registry_port = json.at("registry_port"),
                    .upstream_port = json.at("upstream_port"),
                    .variables = json.at("variables")};
  });
}

std::optional<Running> read_running(const Layout& layout) {
  return read_json(layout.processes(), [](const Json& json) {
    Running running{process_id(json.at("supervisor")), json.at("ready"), json.at("failure"), {}};
    for (const Json& one : json.at("processes")) {
      running.processes.push_back(
          {one.at("name"), process_id(one.at("id")), one.at("starts"), one.at("last_end")});
    }
    return running;
  });
}

std::optional<Objects> read_objects(const Layout& layout) {
  return read_json(layout.objects(), [](const Json& json) {
    return Objects{json.at("objects"), json.at("backends"), json.at("ports")};
  });
}

std::optional<Running> find_running(const Layout& layout) {
  std::optional<Running> running = read_running(layout);
  return running && os::lives(running->supervisor) ? running : std::nullopt;
}

}  // namespace wasmup::gateway
