// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "../error.hpp"
#include "../os/processes.hpp"

namespace wasmup::gateway {

/// Where Envoy Gateway is looked for, and kept.
struct Shelf {
  std::optional<std::string> wanted;  ///< $WASMUP_ENVOY_GATEWAY
  std::filesystem::path cache;        ///< of wasmup: $XDG_CACHE_HOME/wasmup
  std::filesystem::path locks;        ///< the folder with the hashes of Python packages (requirements/)
};

/// Envoy Gateway: the one that is wanted; else a release of the pinned version on the PATH; else what
/// build_controller() has left. When there is none, the error says what gets it.
Expected<std::filesystem::path> find_controller(os::Processes& processes, const Shelf& shelf);

/// docker-registry, and skopeo: named with the Debian package that has them when they are not there.
Expected<std::filesystem::path> find_debian_program(const os::Processes& processes, const std::string& name);

/// What build_controller() says while it works: which step, and how far it has come (may be empty).
using Progress = std::function<void(const std::string& step, const std::string& detail)>;

/// Builds Envoy Gateway from its Go module, with a Go from the PATH when it is new enough, else with the
/// pinned one, which is a Python package. Takes minutes; what Go keeps in its own caches makes it shorter.
Expected<std::filesystem::path> build_controller(os::Processes& processes, const Shelf& shelf,
                                                 const Progress& progress);

}  // namespace wasmup::gateway
