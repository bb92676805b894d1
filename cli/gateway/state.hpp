// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "../os/process_id.hpp"
#include "documents.hpp"
#include "layout.hpp"

namespace wasmup::gateway {

/// What a gateway is made of, from when it is started on.
struct Settings {
  std::filesystem::path controller;  ///< the envoy-gateway program
  std::filesystem::path envoy;
  std::string envoy_version;
  std::filesystem::path registry;  ///< the docker-registry program
  uint16_t registry_port = 0;
  uint16_t upstream_port = 0;
  std::vector<std::string> variables = {};  ///< names of the user's that its processes see
};

/// What the name of each Envoy begins with, before its Gateway's.
inline constexpr std::string_view proxy_prefix = "envoy/";

/// One of its processes, as the supervisor last saw it.
struct ProcessState {
  std::string name;  ///< controller, registry, upstream, or envoy/GATEWAY
  os::ProcessId id;
  int starts = 0;        ///< 1: it has never ended
  std::string last_end;  ///< what was seen then; empty: nothing
};

struct Running {
  os::ProcessId supervisor;
  bool ready = false;   ///< the controller has been given the resources
  std::string failure;  ///< why there is no hope; empty while there is
  std::vector<ProcessState> processes;
};

/// What has been applied, and what of the cluster is another thing here.
struct Objects {
  std::vector<Json> objects;
  std::map<std::string, std::string> backends;  ///< NAMESPACE/SERVICE: HOST:PORT in its place
  std::map<std::string, uint16_t> ports;        ///< NAMESPACE/GATEWAY/PORT: the port in its place
};

Expected<void> write(const Layout& layout, const Settings& settings);
Expected<void> write(const Layout& layout, const Running& running);
Expected<void> write(const Layout& layout, const Objects& objects);

/// Nothing when there is no such file, or one of another make.
std::optional<Settings> read_settings(const Layout& layout);
std::optional<Running> read_running(const Layout& layout);
std::optional<Objects> read_objects(const Layout& layout);

/// What the supervisor has written, when it lives.
std::optional<Running> find_running(const Layout& layout);

}  // namespace wasmup::gateway
