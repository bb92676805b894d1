// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace wasmup::registry {
namespace {

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

// --- skopeo -----------------------------------------------------------------------------------------------

/// Its policy is about where images may come from; this one is ours, and checked otherwise.
Words skopeo(const Words& words) {
  Words all{"skopeo", "--insecure-policy"};
  append(all, words);
  return all;
}

/// `side`: its flags have one name for each end of a copy.
Words skopeo_flags(const Job& job, const std::string& side) {
  Words words;
  if (job.credentials) append(words, {"--authfile", (*job.credentials / "config.json").string()});
  if (job.authorities) append(words, {"--" + side + "cert-dir", job.authorities->string()});
  if (job.plain_http) words.push_back("--" + side + "tls-verify=false");
  return words;
}

os::Command skopeo_push(const Job& job) {
  Words words = skopeo({"copy", "--quiet", "--preserve-digests"});
  append(words, skopeo_flags(job, "dest-"));
  append(words, {"oci:" + job.folder.string(), "docker://" + job.reference.text()});
  return {words};
}

os::Command skopeo_print_manifest(const Job& job) {
  Words words = skopeo({"inspect", "--raw"});
  append(words, skopeo_flags(job, ""));
  words.push_back("docker://" + job.reference.text());
  return {words};
}

os::Command skopeo_fetch(const Job& job) {
  Words words = skopeo({"copy", "--quiet", "--preserve-digests"});
  append(words, skopeo_flags(job, "src-"));
  append(words, {"docker://" + job.reference.text(), "dir:" + job.folder.string()});
  return {words};
}

// --- crane ------------------------------------------------------------------------------------------------

/// Files are told to it by the environment. On loopback it finds out about plain HTTP by itself.
os::Command crane(const Job& job, const Words& words) {
  os::Command command{{"crane"}};
  append(command.argv, words);
  if (job.plain_http) command.argv.emplace_back("--insecure");
  if (job.credentials) command.environment.emplace_back("DOCKER_CONFIG", job.credentials->string());
  if (job.authorities) {
    command.environment.emplace_back("SSL_CERT_FILE", (*job.authorities / "ca.crt").string());
  }
  return command;
}

os::Command crane_push(const Job& job) {
  return crane(job, {"push", job.folder.string(), job.reference.text()});
}
os::Command crane_print_manifest(const Job& job) { return crane(job, {"manifest", job.reference.text()}); }
os::Command crane_fetch(const Job& job) {
  return crane(job, {"pull", "--format", "oci", job.reference.text(), job.folder.string()});
}

// --- oras -------------------------------------------------------------------------------------------------

Words oras_flags(const Job& job, const std::string& side) {
  Words words;
  if (job.credentials)
    append(words, {"--" + side + "registry-config", (*job.credentials / "config.json").string()});
  if (job.authorities) append(words, {"--" + side + "ca-file", (*job.authorities / "ca.crt").string()});
  if (job.plain_http) words.push_back("--" + side + "plain-http");
  return words;
}

/// The layout's image has this name: see registry.cpp.
os::Command oras_push(const Job& job) {
  Words words{
      "oras", "copy", "--no-tty", "--from-oci-layout", job.folder.string() + ":latest", job.reference.text()};
  append(words, oras_flags(job, "to-"));
  return {words};
}

os::Command oras_print_manifest(const Job& job) {
  Words words{"oras", "manifest", "fetch", job.reference.text()};
  append(words, oras_flags(job, ""));
  return {words};
}

os::Command oras_fetch(const Job& job) {
  Words words{
      "oras", "copy", "--no-tty", job.reference.text(), "--to-oci-layout", job.folder.string() + ":latest"};
  append(words, oras_flags(job, "from-"));
  return {words};
}

constexpr std::array<Tool, 3> tools{{
    {"skopeo", skopeo_push, skopeo_print_manifest, skopeo_fetch},
    {"crane", crane_push, crane_print_manifest, crane_fetch},
    {"oras", oras_push, oras_print_manifest, oras_fetch},
}};

}  // namespace

std::span<const Tool> all_tools() { return tools; }

Expected<Tool> find_tool(const os::Processes& processes, const std::optional<std::string>& wanted) {
  const auto suits = [&](const Tool& tool) {
    return (!wanted || *wanted == tool.name) && processes.find(tool.name).has_value();
  };
  const auto found = std::ranges::find_if(tools, suits);
  if (found != tools.end()) return *found;
  constexpr const char* next = "as root: apt-get install --no-install-recommends skopeo";
  if (!wanted) {
    return std::unexpected(Error{ExitCode::environment, "there is no tool that speaks to registries",
                                 "skopeo, crane and oras: none is on the PATH", next});
  }
  if (*wanted == "podman" || *wanted == "docker") {
    return std::unexpected(Error{ExitCode::environment,
                                 *wanted + " does not show images as registries have them",
                                 "it can push, but not read", next});
  }
  const auto is_wanted = [&](const Tool& tool) { return *wanted == tool.name; };
  if (std::ranges::none_of(tools, is_wanted)) {
    return std::unexpected(Error{ExitCode::usage, fmt::format("there is no tool {}", *wanted),
                                 "images can be pushed by skopeo, crane, oras, podman or docker",
                                 "--tool skopeo"});
  }
  return std::unexpected(Error{ExitCode::environment, *wanted + " is not there", "not on the PATH", next});
}

}  // namespace wasmup::registry
