// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../error.hpp"
#include "../traffic/requests_file.hpp"

namespace wasmup::commands {

/// The flags of `wasmup verify`, as they were given.
struct VerifyFlags {
  std::string target = {};  ///< a URL, or a file with requests
  // The request, and what must come of it: of a URL alone.
  std::optional<std::string> method = {};
  std::optional<std::string> data = {};
  std::vector<std::string> headers = {};
  std::optional<int> count = {};
  std::optional<int> status = {};
  std::vector<std::string> expect_headers = {};
  std::vector<std::string> absent = {};
  std::vector<std::string> body_contains = {};
  std::vector<std::string> expect_trailers = {};
  // How it is sent: of every request.
  std::optional<std::string> url = {};  ///< the server, for a file
  std::optional<std::string> host = {};
  std::optional<std::string> connect_to = {};
  std::optional<std::string> cacert = {};
  bool insecure = false;
  std::string timeout = "10s";
  std::optional<std::string> within = {};
  // What becomes of it.
  bool json = false;
  std::optional<std::string> junit = {};
};

/// What they come to.
struct VerifyPlan {
  std::vector<traffic::Case> cases;
  std::chrono::milliseconds within;
};

/// Refuses what cannot be right before anything is sent.
Expected<VerifyPlan> plan_verify(const VerifyFlags& flags, const Environment& environment);

}  // namespace wasmup::commands
