// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
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

/// The flags of commands about a policy that was deployed.
struct DeployedFlags {
  std::string name = {};
  std::string wait = "60s";
  ClusterFlags cluster = {};
};

/// `wait_for` says what `--wait` is for.
void add_deployed_flags(CLI::App& command, DeployedFlags& flags, const std::string& wait_for);

/// A policy of ours, or that there is none of this name.
struct Deployed {
  Cluster cluster;
  kubernetes::Name name;
  std::optional<kubernetes::Json> policy;
  std::chrono::milliseconds wait;
};

Expected<Deployed> find_deployed(const DeployedFlags& flags, Environment& environment);

Expected<std::chrono::milliseconds> parse_wait(const std::string& text);

deployment::World world_of(Environment& environment, const kubernetes::Kubectl& kubectl);

}  // namespace wasmup::commands
