// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../error.hpp"
#include "cluster_flags.hpp"
#include "registry_flags.hpp"

namespace wasmup::commands {

/// The flags of `wasmup deploy`, as they were given.
struct DeployFlags {
  std::optional<std::string> what = {};
  std::string target = {};
  std::optional<std::string> section = {};
  std::optional<std::string> name = {};
  std::optional<std::string> image = {};
  std::optional<std::string> push_to = {};
  std::optional<std::string> root_id = {};
  std::optional<std::string> config = {};
  std::optional<std::string> pull_secret = {};
  bool fail_open = false;
  std::vector<std::string> expect = {};
  std::optional<std::string> path = {};
  std::optional<std::string> verify = {};
  std::string wait = "60s";
  bool roll_back = false;
  bool take_over = false;
  bool dry_run = false;
  RegistryFlags registry = {};
  ClusterFlags cluster = {};
};

/// What they come to, before the cluster is asked.
struct DeployPlan {
  std::optional<std::filesystem::path>
      source;           ///< a filter to build, or a module; nothing: the image is there
  std::string name;     ///< of the policy
  std::string image;    ///< as the gateway pulls it: NAME[:TAG]
  std::string push_to;  ///< as this machine reaches it
  std::string digest;   ///< of the image; empty if it is to be found out
  std::string root_id;
  kubernetes::Json config = {};  ///< null: none
  std::string requests;          ///< YAML; empty: nothing is expected
  std::chrono::milliseconds wait{0};
};

/// Refuses what cannot be right before anything is built, pushed or applied.
Expected<DeployPlan> plan_deploy(const DeployFlags& flags, Environment& environment);

/// YAML of one request: `path`, and what its response must carry.
Expected<std::string> requests_for(const std::vector<std::string>& expect, const std::string& path);

}  // namespace wasmup::commands
