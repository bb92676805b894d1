// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "processes.hpp"

namespace wasmup::os {

/// Where the things are that come with this program: a checkout of the project, which sets up its own tools,
/// or what `cmake --install` (a Debian package, a Python wheel) has put below a prefix.
struct Installation {
  std::filesystem::path root;      ///< the checkout; the prefix
  std::filesystem::path include;   ///< the SDK's headers: its folder wasmup/ is in here
  std::filesystem::path data;      ///< cmake/, templates/
  std::filesystem::path compiler;  ///< our name for zig's clang++, which may not be there
  bool is_checkout = true;

  static Installation of_checkout(const std::filesystem::path& root);
  static Installation of_prefix(const std::filesystem::path& prefix);

  /// The flags that every module is built with (cmake/module.flags).
  std::filesystem::path module_flags() const { return data / "cmake" / "module.flags"; }
  std::filesystem::path templates() const { return data / "templates"; }
  /// Where our zig-c++ has zig keep what it has built.
  std::filesystem::path zig_cache() const;
  /// What gets the tools that are missing.
  std::string how_to_get_tools() const;
};

/// Of this program: `chosen` ($WASMUP_ROOT, by which ./wasmup names its checkout), else whichever of the
/// folders above the program is a prefix or a checkout. Throws std::runtime_error when none is.
Installation find_installation(const std::optional<std::string>& chosen,
                               const std::filesystem::path& program = "/proc/self/exe");

/// The user's home folder; empty when none is said.
std::filesystem::path home_folder();

/// zig, when the compiler of this installation has one to call.
std::optional<std::filesystem::path> find_zig(const Installation& installation, const Processes& processes);

/// The Envoy that has been set up, that lies beside us as a Python package, or that is on the PATH.
std::optional<std::filesystem::path> find_envoy(const Installation& installation, const Processes& processes);

}  // namespace wasmup::os
