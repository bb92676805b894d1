// SPDX-License-Identifier: MIT
#include "cache_folder.hpp"

namespace wasmup::commands {

namespace fs = std::filesystem;

std::optional<fs::path> cache_folder(const Environment& environment) {
  if (const auto folder = environment.variable("XDG_CACHE_HOME")) return fs::path(*folder) / "wasmup";
  if (const auto home = environment.variable("HOME")) return fs::path(*home) / ".cache" / "wasmup";
  return std::nullopt;
}

void announce_first_compilation(Environment& environment, const wasm::Compiler& compiler) {
  const bool is_ours =
      !environment.installation.is_checkout && compiler.program == environment.installation.compiler;
  const auto cache = cache_folder(environment);
  std::error_code error;
  if (!is_ours || !cache || fs::exists(*cache / "zig", error)) return;
  environment.terminal.say("first", "zig compiles its C++ library now, once: that takes about a minute");
}

}  // namespace wasmup::commands
