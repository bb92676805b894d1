// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <thread>

#include "command.hpp"
#include "find_envoy.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup test\n"
    "      Every test: native, of the built modules, in a real Envoy.\n"
    "  wasmup test --suite unit --filter '^native/'\n"
    "      The filters' native tests alone.";

struct TestFlags {
  std::optional<std::string> suite = {};
  std::optional<std::string> filter = {};
  bool yes = false;  ///< heeded by ./wasmup, before this program
};

constexpr const char* preset = "debug";

/// Runs a tool in the project's folder with the terminal as its own; `failure` is the error if it fails.
Expected<void> run_tool(Environment& environment, os::Command command, Error failure) {
  command.directory = environment.installation.root;
  const Expected<int> status = environment.processes.run_in_terminal(command);
  if (!status) return std::unexpected(status.error());
  if (*status == 0) return {};
  // Ctrl-C reaches the tool too, which may be gone before we are asked.
  if (environment.interrupted())
    return std::unexpected(Error{ExitCode::interrupted, failure.what, "interrupted", ""});
  failure.what += fmt::format(": {} ended with status {}", command.argv.front(), *status);
  return std::unexpected(failure);
}

Expected<void> run_tests(const TestFlags& flags, Environment& environment) {
  os::Command ctest{{"ctest", "--test-dir", fmt::format("build/{}", preset), "--output-on-failure",
                     "--no-tests=error", "-j",
                     std::to_string(std::max(1U, std::thread::hardware_concurrency()))}};
  if (flags.suite) ctest.argv.insert(ctest.argv.end(), {"-L", fmt::format("^({})$", *flags.suite)});
  if (flags.filter) ctest.argv.insert(ctest.argv.end(), {"-R", *flags.filter});
  // Without one, the tests that need Envoy fail and say what to run.
  if (const auto envoy = find_envoy(environment, std::nullopt)) {
    ctest.environment.emplace_back("WASMUP_ENVOY", envoy->string());
  }

  const Error not_built{ExitCode::build_failed, "the project does not build", "",
                        "look at the first error above"};
  if (const auto done = run_tool(environment, {{"cmake", "--preset", preset}}, not_built); !done) return done;
  if (const auto done = run_tool(environment, {{"cmake", "--build", "--preset", preset}}, not_built); !done) {
    return done;
  }
  return run_tool(environment, std::move(ctest),
                  {ExitCode::check_failed, "not every test passed, or none was chosen", "",
                   fmt::format("ctest --test-dir build/{} --rerun-failed --output-on-failure", preset)});
}

}  // namespace

void add_test(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<TestFlags>();
  CLI::App& command = *program.add_subcommand("test", "Build the project and run its tests");
  command.add_option("--suite", flags->suite, "One suite only: unit, module or envoy")
      ->option_text("SUITE")
      ->check(CLI::IsMember({"unit", "module", "envoy"}));
  command.add_option("--filter", flags->filter, "Only tests whose name matches")->type_name("REGEX");
  command.add_flag("-y,--yes", flags->yes, "Set up what is missing without asking");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return run_tests(*flags, environment); };
  });
}

}  // namespace wasmup::commands
