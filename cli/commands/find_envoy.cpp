// SPDX-License-Identifier: MIT
#include "find_envoy.hpp"

#include <fmt/format.h>

namespace wasmup::commands {
namespace {

std::unexpected<Error> no_program(const std::string& source, const std::string& name,
                                  const std::string& next) {
  return std::unexpected(Error{ExitCode::environment, fmt::format("the Envoy of {} cannot be run", source),
                               name + " is not there, or is not a program", next});
}

}  // namespace

Expected<std::filesystem::path> find_envoy(const Environment& environment,
                                           const std::optional<std::string>& wanted) {
  const os::Processes& processes = environment.processes;
  if (wanted) {
    if (const auto found = processes.find(*wanted)) return *found;
    return no_program("--envoy", *wanted, "leave --envoy out, and ./wasmup takes care of one");
  }
  if (const auto name = environment.variable("WASMUP_ENVOY")) {
    if (const auto found = processes.find(*name)) return *found;
    return no_program("WASMUP_ENVOY", *name, "unset WASMUP_ENVOY");
  }
  const std::string set_up = (environment.root / ".wasmup" / "bin" / "envoy").string();
  if (const auto found = processes.find(set_up)) return *found;
  if (const auto found = processes.find("envoy")) return *found;
  return std::unexpected(Error{ExitCode::environment, "there is no Envoy",
                               set_up + " is not there, and there is none on the PATH",
                               "./wasmup setup, or name one with --envoy PATH"});
}

}  // namespace wasmup::commands
