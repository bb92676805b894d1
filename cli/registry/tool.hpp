// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "reference.hpp"

namespace wasmup::registry {

/// What a tool is asked to do. Credentials are in a file: a command line can be read by everybody.
struct Job {
  Reference reference;
  std::filesystem::path folder;                      ///< an OCI layout to push, or where an image goes to
  std::optional<std::filesystem::path> credentials;  ///< a folder with config.json
  std::optional<std::filesystem::path> authorities;  ///< a folder with ca.crt
  bool plain_http = false;
};

/// A program that speaks to registries.
struct Tool {
  std::string_view name;
  os::Command (*push)(const Job&);                      ///< the layout, byte for byte
  os::Command (*print_manifest)(const Job&) = nullptr;  ///< as it is, an index too
  os::Command (*fetch)(const Job&) = nullptr;           ///< to what image::read_layout() reads, byte for byte
};

/// In the order of preference.
std::span<const Tool> all_tools();

/// `wanted`, else the first that is installed; environment error when there is none.
Expected<Tool> find_tool(const os::Processes& processes, const std::optional<std::string>& wanted);

}  // namespace wasmup::registry
