// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "../deployment/rollout.hpp"
#include "../environment.hpp"
#include "../error.hpp"

namespace wasmup::commands {

/// Which cluster, and where in it.
struct ClusterFlags {
  std::optional<std::string> context = {};
  std::optional<std::string> space = {};
};

void add_cluster_flags(CLI::App& command, ClusterFlags& flags);

/// A cluster that answers, and the namespace that is meant.
struct Cluster {
  kubernetes::Kubectl kubectl;
  std::string space;
};

/// KIND/NAME, of no namespace yet.
Expected<kubernetes::Name> parse_target(const std::string& text);

Expected<Cluster> connect(const ClusterFlags& flags, Environment& environment);

deployment::World world_of(Environment& environment, const kubernetes::Kubectl& kubectl);

}  // namespace wasmup::commands
