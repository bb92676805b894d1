// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "../environment.hpp"
#include "../error.hpp"
#include "../registry/registry.hpp"

namespace wasmup::commands {

/// How a command speaks to a registry.
struct RegistryFlags {
  std::optional<std::string> authfile = {};
  std::optional<std::string> ca = {};
  std::optional<std::string> tool = {};
  bool plain_http = false;
};

void add_registry_flags(CLI::App& command, RegistryFlags& flags);

/// Without a file with credentials, the registry of the user's own gateway is spoken to with its login.
Expected<registry::Options> registry_options(const RegistryFlags& flags, const registry::Reference& reference,
                                             const Environment& environment);

}  // namespace wasmup::commands
