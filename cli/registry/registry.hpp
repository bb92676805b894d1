// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "../error.hpp"
#include "../image/acceptance.hpp"
#include "../image/image.hpp"
#include "../os/processes.hpp"
#include "reference.hpp"

namespace wasmup::registry {

struct Options {
  std::optional<std::filesystem::path> credentials =
      {};  ///< a config.json or auth.json; none: the tool's own places
  std::optional<std::filesystem::path> authority = {};  ///< certificate to trust besides the system's (PEM)
  bool plain_http = false;               ///< speak HTTP to a registry that is not on this machine
  std::optional<std::string> tool = {};  ///< all_tools(), podman or docker; none: the first there is
  std::chrono::milliseconds limit = std::chrono::minutes(2);  ///< for each thing the tool is asked to do
};

/// The file with credentials that is meant: `chosen`, else $REGISTRY_AUTH_FILE, else that of $DOCKER_CONFIG,
/// else none, and the tool looks in its own places (~/.docker/config.json, and others).
Expected<std::optional<std::filesystem::path>> find_credentials(
    const std::optional<std::string>& chosen,
    const std::function<std::optional<std::string>(const std::string& name)>& variable);

/// Which tool would be used, and what it would be asked to do, for people.
struct Plan {
  std::string tool;
  std::string command;
  bool packs_anew = false;  ///< the image's digest is then another than ours
};
Expected<Plan> plan_push(os::Processes& processes, const Reference& reference, const Options& options);

struct Pushed {
  std::string tool;
  image::Accepted accepted;  ///< as it was read back
  /// Of the image: a registry that has some of its parts is not sent those. Nothing when the tool packs it
  /// anew.
  std::optional<uint64_t> bytes = {};
};

/// Pushes an image by a tool that is installed, reads it back, and sees to it that Envoy Gateway would load
/// it, and that it is what was pushed. Errors: environment when there is no tool, or no registry to be
/// reached and trusted; refused when the registry, or acceptance(), says no.
Expected<Pushed> push(os::Processes& processes, const image::Image& image, const Reference& reference,
                      const Options& options = {});

/// Reads an image as Envoy Gateway would: is it there, with these credentials, and would it be loaded?
/// Errors as above. Nothing large is fetched when the manifest tells already.
Expected<image::Accepted> acceptance(os::Processes& processes, const Reference& reference,
                                     const Options& options = {});

}  // namespace wasmup::registry
