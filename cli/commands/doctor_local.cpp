// SPDX-License-Identifier: MIT
#include "doctor_local.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "../wasm/compiler.hpp"
#include "envoy_version.hpp"
#include "find_envoy.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;
using doctor::Findings;

constexpr uintmax_t least_space = 512ULL * 1024 * 1024;

std::string minor_of(const std::string& version) { return version.substr(0, version.rfind('.')); }

void check_compiler(Environment& environment, Findings& found) {
  const auto compiler = wasm::find_compiler(environment.processes, environment.variable("WASMUP_WASM_CXX"),
                                            environment.installation);
  if (compiler) return;
  found.push_back({"compiler-missing", compiler.error().what, compiler.error().seen, compiler.error().next});
}

void check_envoy(Environment& environment, Findings& found) {
  const auto envoy = find_envoy(environment, std::nullopt);
  if (!envoy) {
    found.push_back({"envoy-missing", envoy.error().what, envoy.error().seen, envoy.error().next});
    return;
  }
  const std::string version = version_of_envoy(environment, envoy->string());
  if (minor_of(version) == minor_of(WASMUP_ENVOY_VERSION)) return;
  found.push_back(
      {"envoy-version", "the Envoy here is not the one that wasmup is tested with",
       fmt::format("{} is {}, wasmup's is {}", envoy->string(),
                   version.empty() ? "of no version that it would say" : version, WASMUP_ENVOY_VERSION),
       environment.installation.how_to_get_tools()});
}

void check_tools(const Environment& environment, Findings& found) {
  if (!environment.processes.find("kubectl")) {
    found.push_back({"kubectl-missing", "there is no kubectl", "it is not on the PATH",
                     "apt-get install kubernetes-client"});
  }
  constexpr std::array<const char*, 5> pushers{"skopeo", "docker", "podman", "crane", "oras"};
  const bool pushes = std::ranges::any_of(
      pushers, [&](const char* name) { return environment.processes.find(name).has_value(); });
  if (!pushes) {
    found.push_back({"push-tool-missing", "there is no tool to push images with",
                     "none of skopeo, docker, podman, crane and oras is on the PATH",
                     "apt-get install skopeo"});
  }
}

void check_space(const Environment& environment, Findings& found) {
  for (const fs::path& folder : {environment.folder, fs::temp_directory_path()}) {
    std::error_code error;
    const fs::space_info space = fs::space(folder, error);
    if (error || space.available >= least_space) continue;
    found.push_back({"disk-full", "there is little space left on the disk",
                     fmt::format("{} has {} MiB left", folder.string(), space.available / (1024ULL * 1024)),
                     "wasmup clean --cache, or make room otherwise"});
  }
}

void check_ports(Environment& environment, Findings& found) {
  const auto ports = environment.network.free_ports(4);
  if (ports) return;
  found.push_back({"ports-taken", "loopback has no free port to listen on", ports.error().seen,
                   "end what holds them: ss -ltnp"});
}

}  // namespace

Findings check_this_machine(Environment& environment) {
  Findings found;
  check_compiler(environment, found);
  check_envoy(environment, found);
  check_tools(environment, found);
  check_space(environment, found);
  check_ports(environment, found);
  return found;
}

}  // namespace wasmup::commands
