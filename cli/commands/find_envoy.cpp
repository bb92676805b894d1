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
  const os::Installation& installation = environment.installation;
  if (const auto found = os::find_envoy(installation, processes)) return *found;
  return std::unexpected(Error{ExitCode::environment, "there is no Envoy",
                               "none has been set up, and there is none on the PATH",
                               installation.how_to_get_tools() + ", or name one with --envoy PATH"});
}

}  // namespace wasmup::commands
