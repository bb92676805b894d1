// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "argument.hpp"

namespace wasmup::kubernetes {

using Json = nlohmann::json;

/// Who our fields belong to: server-side apply keeps them apart from other people's.
inline constexpr const char* field_manager = "wasmup";

/// A port of this machine that leads to one in the cluster, until this is destroyed.
class Forward {
 public:
  Forward(std::unique_ptr<os::Child> child, uint16_t port) : child_(std::move(child)), port_(port) {}
  /// Of 127.0.0.1.
  uint16_t port() const { return port_; }

 private:
  std::unique_ptr<os::Child> child_;
  uint16_t port_;
};

/// A cluster, through kubectl: its KUBECONFIG, contexts and credentials are the user's own. What kubectl
/// cannot do is an environment error, what the cluster does not want a refusal. Kinds are as kubectl takes
/// them, with their group where another has the same ("gateways.gateway.networking.k8s.io").
class Kubectl {
 public:
  /// `context`: another one than the current one; one that cannot be one is an error of usage.
  static Expected<Kubectl> find(os::Processes& processes, const std::optional<std::string>& context);

  /// The version of the API server ("v1.36.3"). The way to find out whether there is one.
  Expected<std::string> server_version() const;
  /// The namespace that is meant when none is named.
  Expected<std::string> default_namespace() const;

  /// Nothing if there is no such object; an unknown kind is a refusal. Without a namespace: of the cluster.
  Expected<std::optional<Json>> get(const std::string& kind, const std::string& space,
                                    const std::string& name) const;
  /// Of one namespace, or without it of all; of those with these labels. Kinds may be several, with commas
  /// between.
  Expected<std::vector<Json>> list(const std::string& kind, const std::string& space = "",
                                   const Labels& labels = {}) const;

  /// Those of these names that are there, of a kind that belongs to no namespace.
  Expected<std::vector<Json>> get_all(const std::string& kind, const std::vector<std::string>& names) const;

  struct Apply {
    bool dry_run = false;    ///< the server checks it all, and keeps nothing
    bool take_over = false;  ///< also fields that another manager has set
  };
  /// Server-side, as `field_manager`. What the object is then.
  Expected<Json> apply(const Json& object, Apply how) const;
  /// Whether it was there.
  Expected<bool> remove(const std::string& kind, const std::string& space, const std::string& name) const;

  /// `what` is a pod or a workload ("deployment/envoy-gateway").
  Expected<std::string> logs(const std::string& space, const std::string& what, int lines,
                             const std::string& container = "") const;
  /// From a free port of loopback to a port of "pod/NAME" or "service/NAME".
  Expected<Forward> forward(const std::string& space, const std::string& what, uint16_t port) const;

  /// Any other command; what it printed. A name that cannot be one is a refusal.
  Expected<std::string> run(const Arguments& arguments,
                            std::chrono::milliseconds limit = std::chrono::seconds(30)) const;

  /// The command as a person would type it, for advice: for a shell.
  std::string line(const std::vector<std::string>& arguments) const;

 private:
  Kubectl(os::Processes& processes, std::string program, const std::optional<std::string>& context)
      : processes_(&processes), program_(std::move(program)), context_(context) {}

  Expected<os::Command> command(const Arguments& arguments) const;
  std::string shown(const Arguments& arguments) const;
  Expected<Json> json(const Arguments& arguments) const;

  os::Processes* processes_;
  std::string program_;
  std::optional<std::string> context_;
};

}  // namespace wasmup::kubernetes
