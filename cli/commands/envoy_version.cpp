// SPDX-License-Identifier: MIT
#include "envoy_version.hpp"

namespace wasmup::commands {

std::string version_of_envoy(Environment& environment, const std::string& envoy) {
  // "PROGRAM  version: HASH/1.40.0/Clean/RELEASE/BoringSSL"
  const Expected<os::Finished> finished =
      environment.processes.run({{envoy, "--version"}}, std::chrono::seconds(10));
  if (!finished || finished->status != 0) return "";
  const size_t first = finished->output.find('/', finished->output.find("version: "));
  const size_t second = finished->output.find('/', first + 1);
  return second == std::string::npos ? "" : finished->output.substr(first + 1, second - first - 1);
}

}  // namespace wasmup::commands
