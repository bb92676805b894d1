// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "../text/json_text.hpp"
#include "command.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup version\n"
    "      wasmup " WASMUP_VERSION
    "\n"
    "  wasmup version --json | jq -r .version\n"
    "      The number alone.";

}  // namespace

void add_version(CLI::App& program, Environment& environment, Action& action) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *program.add_subcommand("version", "Print the version");
  command.add_flag("--json", *json, "Print it as JSON");
  command.footer(examples);
  command.callback([json, &environment, &action] {
    action = [json, &environment]() -> Expected<void> {
      const nlohmann::json report{
          {"version", WASMUP_VERSION}, {"abi", "0.2.1"}, {"envoy", WASMUP_ENVOY_VERSION}};
      environment.terminal.print(*json ? text::json_text(report, -1) : "wasmup " WASMUP_VERSION "\n");
      return {};
    };
  });
}

}  // namespace wasmup::commands
