// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "../text/json_text.hpp"
#include "../text/visible.hpp"
#include "../wasm/compiler.hpp"
#include "command.hpp"
#include "envoy_version.hpp"
#include "find_envoy.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup env\n"
    "      The compiler, the Envoy and the SDK that the other commands use.\n"
    "  wasmup env --json | jq -r .envoy\n"
    "      Envoy's path alone; null when there is none.";

Expected<void> show_environment(bool json, Environment& environment) {
  const auto compiler = wasm::find_compiler(environment.processes, environment.variable("WASMUP_WASM_CXX"),
                                            environment.installation);
  const auto envoy = find_envoy(environment, std::nullopt);
  const auto text = [](const auto& found, const auto& path) {
    return found ? nlohmann::json(path()) : nlohmann::json();
  };
  const std::string version = envoy ? version_of_envoy(environment, envoy->string()) : "";
  const nlohmann::json report{
      {"installation", environment.installation.root.string()},
      {"sdk", environment.installation.include.string()},
      {"compiler", text(compiler, [&] { return compiler->program.string(); })},
      {"envoy", text(envoy, [&] { return envoy->string(); })},
      {"envoy_version", version.empty() ? nlohmann::json() : nlohmann::json(version)},
      {"cmake", (environment.installation.data / "cmake").string()},
  };
  if (json) {
    environment.terminal.print(text::json_text(report));
    return {};
  }
  const auto missing = [](const Error& error) {
    std::vector<std::string> lines = text::lines_of(error.next);
    lines.insert(lines.begin(), "none: " + error.what);
    return terminal::Lines(lines);
  };
  terminal::Terminal& terminal = environment.terminal;
  terminal.say("wasmup", fmt::format("{}, {} {}", WASMUP_VERSION,
                                     environment.installation.is_checkout ? "a checkout in" : "installed in",
                                     environment.installation.root.string()));
  terminal.say("sdk", environment.installation.include.string());
  terminal.say("cmake", fmt::format("-Dwasmup_DIR={}", (environment.installation.data / "cmake").string()));
  terminal.say("compiler",
               compiler ? terminal::Lines(compiler->program.string()) : missing(compiler.error()));
  terminal.say("envoy", envoy ? terminal::Lines(fmt::format("{}  {}", envoy->string(), version))
                              : missing(envoy.error()));
  return {};
}

}  // namespace

void add_env(CLI::App& program, Environment& environment, Action& action) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *program.add_subcommand("env", "Show what was found and is used");
  command.add_flag("--json", *json, "Print it as JSON");
  command.footer(examples);
  command.callback([json, &environment, &action] {
    action = [json, &environment] { return show_environment(*json, environment); };
  });
}

}  // namespace wasmup::commands
