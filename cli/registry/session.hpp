// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "../os/temporary_folder.hpp"
#include "registry.hpp"
#include "tool.hpp"

namespace wasmup::registry {

/// A tool at work for one image, and the folder it works in.
class Session {
 public:
  static Expected<Session> begin(os::Processes& processes, const Reference& reference, const Options& options,
                                 const std::string& tool);

  const Job& job() const { return job_; }
  std::filesystem::path scratch(std::string_view name) const { return folder_.path() / name; }

  os::Command command(os::Command (*make)(const Job&), const std::filesystem::path& folder = {}) const;

  /// What it printed. A registry on this machine may speak plain HTTP; it is asked for TLS first, as Envoy
  /// Gateway does, so that a certificate is checked where there is one.
  Expected<std::string> run(os::Command (*make)(const Job&), const std::string& what,
                            const std::filesystem::path& folder = {});

  /// What the tool writes from now on may have so many bytes a file, whatever the registry sends.
  void bound(uint64_t most_file_bytes) { most_file_bytes_ = most_file_bytes; }

  /// From now on this very image is meant.
  void pin(const std::string& digest) { job_.reference.digest = digest; }

 private:
  Session(os::Processes& processes, const Reference& reference, const Options& options, std::string tool,
          os::TemporaryFolder folder);

  Expected<void> copy(const std::optional<std::filesystem::path>& from, const char* to,
                      std::optional<std::filesystem::path>& folder);
  Error too_slow(const std::string& what) const;

  os::Processes& processes_;
  Options options_;
  std::string tool_;
  os::TemporaryFolder folder_;
  Job job_ = {};
  std::optional<uint64_t> most_file_bytes_ = {};
};

}  // namespace wasmup::registry
