// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <thread>

#include "../project/settings.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/uncalled.hpp"
#include "command.hpp"
#include "find_envoy.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup test\n"
    "      In a filter's folder: its tests, natively under the sanitizers, and\n"
    "      of the built module. In a checkout of wasmup: all of its own.\n"
    "  wasmup test --suite unit --filter '^native/'\n"
    "      The native tests alone.\n"
    "  wasmup test --simulate 60\n"
    "      The filter in made-up traffic, a minute natively and a minute as a\n"
    "      module. What fails is told with its seed.\n"
    "  wasmup test --simulate seed=1234\n"
    "      One seed again.";

struct TestFlags {
  std::optional<std::string> suite = {};
  std::optional<std::string> filter = {};
  std::optional<std::string> simulate = {};  ///< seconds, "seed=..." or nothing: as in the everyday run
  bool yes = false;                          ///< heeded by ./wasmup, before this program
};

/// What is to be tested: this project itself, or a filter's folder elsewhere.
struct Tested {
  std::filesystem::path folder;
  std::vector<std::string> configure;
  std::vector<std::string> build;
  std::filesystem::path build_folder;  ///< below `folder`
  bool is_filter;
};

Tested this_project(const Environment& environment) {
  return {environment.installation.root,
          {"cmake", "--preset", "debug"},
          {"cmake", "--build", "--preset", "debug"},
          "build/debug",
          false};
}

Tested filter_in(const std::filesystem::path& folder, const Environment& environment) {
  const std::string package = (environment.installation.data / "cmake").string();
  return {folder,
          {"cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
           "-DWASMUP_SANITIZE=ON", "-Dwasmup_DIR=" + package},
          {"cmake", "--build", "build"},
          "build",
          true};
}

Expected<Tested> find_tested(const Environment& environment) {
  std::error_code error;
  if (std::filesystem::exists(environment.folder / project::settings_file, error)) {
    return filter_in(environment.folder, environment);
  }
  if (environment.installation.is_checkout) return this_project(environment);
  return std::unexpected(Error{ExitCode::usage, "which tests?",
                               std::string("this folder has no ") + project::settings_file,
                               "go to a filter's folder, or make one: wasmup new hello"});
}

/// CMake runs the compiler here, and not this program.
void warn_of_uncalled(Environment& environment, const Tested& tested) {
  if (!tested.is_filter) return;
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(tested.folder);
  if (!source) return;
  environment.terminal.print(wasm::warnings_of(wasm::find_uncalled(source->files)));
}

/// Runs a tool in the tested folder with the terminal as its own; `failure` is the error if it fails.
Expected<void> run_tool(Environment& environment, const Tested& tested, os::Command command, Error failure) {
  command.directory = tested.folder;
  command.inherits = os::Inherits::everything;
  const Expected<int> status = environment.processes.run_in_terminal(command);
  if (!status) return std::unexpected(status.error());
  if (*status == 0) return {};
  // Ctrl-C reaches the tool too, which may be gone before we are asked.
  if (environment.interrupted())
    return std::unexpected(Error{ExitCode::interrupted, failure.what, "interrupted", ""});
  failure.what += fmt::format(": {} ended with status {}", command.argv.front(), *status);
  return std::unexpected(failure);
}

constexpr std::string_view seed_prefix = "seed=";

bool is_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// What --simulate was given, or why it cannot be.
std::string refusal_of_simulation(const std::string& given) {
  if (given.empty() || (is_of(given, "0123456789") && given.size() <= 6)) return {};
  if (given.starts_with(seed_prefix) && is_of(given.substr(seed_prefix.size()), "0123456789./repat"))
    return {};
  return "seconds, or seed= and a seed as it was printed";
}

/// The simulations alone, for so long or with this seed.
void choose_simulations(const std::string& given, os::Command& ctest) {
  ctest.argv.insert(ctest.argv.end(), {"-L", "^(simulation)$"});
  if (given.starts_with(seed_prefix)) {
    ctest.environment.emplace_back("WASMUP_SIMULATE_SEED", given.substr(seed_prefix.size()));
  } else if (!given.empty()) {
    // To make a failing run smaller takes a minute or two at most.
    ctest.argv.insert(ctest.argv.end(), {"--timeout", std::to_string(std::stoul(given) + 300)});
    ctest.environment.emplace_back("WASMUP_SIMULATE_SECONDS", given);
  }
}

Expected<void> run_tests(const TestFlags& flags, Environment& environment) {
  const Expected<Tested> tested = find_tested(environment);
  if (!tested) return std::unexpected(tested.error());
  os::Command ctest{{"ctest", "--test-dir", tested->build_folder.string(), "--output-on-failure",
                     "--no-tests=error", "-j",
                     std::to_string(std::max(1U, std::thread::hardware_concurrency()))}};
  if (flags.suite) ctest.argv.insert(ctest.argv.end(), {"-L", fmt::format("^({})$", *flags.suite)});
  if (flags.simulate) choose_simulations(*flags.simulate, ctest);
  if (flags.filter) ctest.argv.insert(ctest.argv.end(), {"-R", *flags.filter});
  // Without one, the tests that need Envoy fail and say what to run.
  if (const auto envoy = find_envoy(environment, std::nullopt)) {
    ctest.environment.emplace_back("WASMUP_ENVOY", envoy->string());
  }

  const Error not_built{ExitCode::build_failed, "the project does not build", "",
                        "look at the first error above"};
  warn_of_uncalled(environment, *tested);
  for (const std::vector<std::string>& step : {tested->configure, tested->build}) {
    if (const auto done = run_tool(environment, *tested, {step}, not_built); !done) return done;
  }
  return run_tool(
      environment, *tested, std::move(ctest),
      {ExitCode::check_failed, "not every test passed, or none was chosen", "",
       fmt::format("ctest --test-dir {} --rerun-failed --output-on-failure", tested->build_folder.string())});
}

}  // namespace

void add_test(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<TestFlags>();
  CLI::App& command = *program.add_subcommand("test", "Build the filter of this folder, and run its tests");
  CLI::Option* const suite =
      command.add_option("--suite", flags->suite, "One suite: unit, module, envoy, gateway, simulation")
          ->option_text("SUITE")
          ->check(CLI::IsMember({"unit", "module", "envoy", "gateway", "simulation"}));
  command.add_option("--filter", flags->filter, "Only tests whose name matches")->type_name("REGEX");
  command.add_option("--simulate", flags->simulate, "Simulations only, for so long each or of one seed")
      ->option_text("[SECONDS|seed=SEED]")
      ->expected(0, 1)
      ->check(CLI::Validator(refusal_of_simulation, ""))
      ->excludes(suite);
  command.add_flag("-y,--yes", flags->yes, "Set up what is missing without asking");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return run_tests(*flags, environment); };
  });
}

}  // namespace wasmup::commands
