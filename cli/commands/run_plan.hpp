// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../envoy/bootstrap.hpp"
#include "../error.hpp"
#include "../traffic/expectation.hpp"
#include "planned_filter.hpp"

namespace wasmup::commands {

/// The flags of `wasmup run`, as they were given.
struct RunFlags {
  std::vector<FilterFlags> filters = {};  ///< in the order of the request's path; one at least
  std::optional<std::string> upstream = {};
  bool fail_open = false;
  std::optional<std::string> port = {};
  std::optional<std::string> envoy = {};
  std::optional<std::string> log_level = {};
  bool once = false;
  bool watch = false;
  bool gateway = false;
  std::vector<std::string> expect = {};
  std::optional<std::string> requests = {};
  bool trace = false;
  bool admin = false;
  bool browser = false;
  bool yes = false;  ///< heeded by ./wasmup, before this program
};

/// What they come to.
struct RunPlan {
  std::vector<PlannedFilter> filters;
  std::optional<envoy::Upstream> upstream;
  std::string upstream_name;  ///< as people know it
  envoy::FailurePolicy failure_policy;
  uint16_t port;  ///< 0: a free one
  std::filesystem::path envoy;
  std::optional<std::string> log_level;
  bool once;
  bool watch;
  bool trace;
  bool admin;
  bool browser;
  std::vector<traffic::Expectation> expectations;
  std::optional<text::Origin> requests;  ///< a file that has been read, and is in order
};

/// Refuses what cannot be right before anything is built or started.
Expected<RunPlan> plan_run(const RunFlags& flags, const Environment& environment);

}  // namespace wasmup::commands
