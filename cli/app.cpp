// SPDX-License-Identifier: MIT
#include "app.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>
#include <sstream>

#include "commands/command.hpp"
#include "text/suggestion.hpp"

namespace wasmup {
namespace {

constexpr const char* exit_codes =
    "Exit codes:\n"
    "  0    all went well\n"
    "  1    all ran, but the traffic or a test was not as expected\n"
    "  2    a flag, a file name or a configuration that cannot be right\n"
    "  3    the source did not compile, or not to a filter\n"
    "  4    the module would not load in Envoy\n"
    "  5    a missing tool, a busy port, an Envoy that did not start\n"
    "  6    a registry, a gateway or a cluster did not take what it was given\n"
    "  130  interrupted (Ctrl-C)\n"
    "\n"
    "Help on a command: wasmup COMMAND --help";

constexpr const char* about = "C++ source to a Proxy-Wasm filter on real traffic, in Envoy.";

void set_up(CLI::App& program, Environment& environment, commands::Action& action) {
  program.set_version_flag("--version", "wasmup " WASMUP_VERSION, "Print the version");
  program.set_help_flag("-h,--help", "Print this");
  program.require_subcommand(1);
  program.footer(exit_codes);
  program.get_formatter()->column_width(24);
  commands::add_new(program, environment, action);
  commands::add_build(program, environment, action);
  commands::add_inspect(program, environment, action);
  commands::add_run(program, environment, action);
  commands::add_bench(program, environment, action);
  commands::add_verify(program, environment, action);
  commands::add_test(program, environment, action);
  commands::add_symbolize(program, environment, action);
  commands::add_image(program, environment, action);
  commands::add_push(program, environment, action);
  commands::add_manifest(program, environment, action);
  commands::add_gateway(program, environment, action);
  commands::add_deploy(program, environment, action);
  commands::add_undeploy(program, environment, action);
  commands::add_rollback(program, environment, action);
  commands::add_status(program, environment, action);
  commands::add_doctor(program, environment, action);
  commands::add_env(program, environment, action);
  commands::add_clean(program, environment, action);
  commands::add_completion(program, environment, action);
  commands::add_version(program, environment, action);
}

/// The command that was given, or the one of a command; else the program itself.
const CLI::App& chosen(const CLI::App& program) {
  const CLI::App* command = &program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : full_name(*app.get_parent()) + " " + app.get_name();
}

/// Those that help lists.
std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> names_of_flags(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// About an argument that nobody takes, with what it was perhaps meant to be.
Error unknown(const std::string& argument, const CLI::App& program, const CLI::App& command) {
  Error error{ExitCode::usage, "", "", full_name(command) + " --help"};
  std::string nearest;
  if (argument.starts_with('-')) {
    const std::string flag = argument.substr(0, argument.find('='));
    error.what = fmt::format("{} has no flag {}", full_name(command), flag);
    nearest = text::nearest(flag, names_of_flags(command));
  } else if (!commands_of(command).empty()) {
    error.what = fmt::format("there is no command {}{}", &command == &program ? "" : command.get_name() + " ",
                             argument);
    nearest = text::nearest(argument, names_of_commands(command));
  } else {
    error.what = fmt::format("{} takes no argument {}", full_name(command), argument);
  }
  if (!nearest.empty()) error.seen = fmt::format("did you mean {}?", nearest);
  return error;
}

/// For "--source: 2 required  missing" what the flag's help has: "it is --source image REF|http URL".
std::string in_words(const CLI::ParseError& cause, const CLI::App& command) {
  std::string text = cause.what();
  const std::string flag = text.substr(0, text.find(':'));
  const CLI::Option* const option = command.get_option_no_throw(flag);
  if (option == nullptr || cause.get_name() != "ArgumentMismatch") return text;
  return fmt::format("it is {} {}", flag, option->get_option_text());
}

Error usage_error(const CLI::ParseError& cause, const CLI::App& program) {
  const CLI::App& command = chosen(program);
  // What is left over says more than what is missing because of it.
  std::vector<std::string> left = program.remaining(true);
  std::erase(left, "--");  // only says that no flags follow
  if (!left.empty()) return unknown(left.front(), program, command);
  if (!commands_of(command).empty()) {
    return {ExitCode::usage, "which command?",
            fmt::format("there are: {}", fmt::join(names_of_commands(command), ", ")),
            full_name(command) + " --help"};
  }
  return {ExitCode::usage, full_name(command) + " does not understand its flags", in_words(cause, command),
          full_name(command) + " --help"};
}

Expected<void> parse(CLI::App& program, const std::vector<std::string>& arguments, Environment& environment) {
  try {
    // CLI11 wants them last one first.
    program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return {};
  } catch (const CLI::CallForHelp&) {
    environment.terminal.print(program.help());
  } catch (const CLI::CallForVersion& version) {
    environment.terminal.print(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& cause) {
    return std::unexpected(usage_error(cause, program));
  }
  return {};
}

}  // namespace

std::vector<std::string> command_names(Environment environment) {
  CLI::App program;
  commands::Action action;
  set_up(program, environment, action);
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(program)) {
    names.push_back(command->get_name());
    for (const std::string& inner : names_of_commands(*command)) {
      names.push_back(command->get_name() + " " + inner);
    }
  }
  return names;
}

std::string help_on(const std::string& command, Environment environment) {
  CLI::App program(about, "wasmup");
  commands::Action action;
  set_up(program, environment, action);
  const CLI::App* app = &program;
  std::string before = "wasmup";
  std::istringstream words(command);
  for (std::string word; words >> word;) {
    if (app != &program) before += " " + app->get_name();
    app = app->get_subcommand(word);
  }
  return app == &program ? program.help() : app->help(before);
}

ExitCode run_app(const std::vector<std::string>& arguments, Environment& environment) {
  CLI::App program(about, "wasmup");
  commands::Action action;
  set_up(program, environment, action);

  Expected<void> result = parse(program, arguments, environment);
  if (result && action) result = action();
  if (result) return ExitCode::ok;
  environment.terminal.report(result.error());
  return result.error().code;
}

}  // namespace wasmup
