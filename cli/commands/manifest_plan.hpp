// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../error.hpp"
#include "../policy/policy.hpp"
#include "registry_flags.hpp"

namespace wasmup::commands {

/// What is said of one filter.
struct PolicyFilterFlags {
  std::optional<std::string> name = {};
  std::vector<std::string> source = {};  ///< image REF, or http URL
  std::optional<std::string> sha256 = {};
  bool pin = false;
  std::optional<std::string> config = {};
  std::optional<std::string> root_id = {};
  std::optional<bool> fail_open = {};
  std::optional<std::string> pull_secret = {};
  std::optional<std::string> pull_policy = {};
  std::optional<std::string> ca_ref = {};
  std::vector<std::string> host_keys = {};
};

struct ManifestFlags {
  std::vector<std::string> targets = {};
  std::optional<std::string> section = {};
  std::optional<std::string> name = {};
  std::optional<std::string> namespace_name = {};
  std::optional<std::string> update = {};
  std::optional<std::string> output = {};
  RegistryFlags registry = {};
  bool plain_envoy = false;
  bool istio = false;
  std::vector<PolicyFilterFlags> filters = {};
};

void add_manifest_flags(CLI::App& command, ManifestFlags& flags);

/// The flags about filters, in the order in which they were given: --filter begins another one.
void read_filter_flags(const CLI::App& command, ManifestFlags& flags);

struct ManifestPlan {
  policy::Policy policy;
  policy::Document document;
};

/// The policy that is asked for: a new one, or an old one changed. Pinning asks the registry, or fetches the
/// module.
Expected<ManifestPlan> plan_manifest(const ManifestFlags& flags, Environment& environment);

}  // namespace wasmup::commands
