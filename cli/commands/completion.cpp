// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup completion bash > ~/.local/share/bash-completion/completions/wasmup\n"
    "      The tab key knows commands and flags in the next bash. (An installed\n"
    "      package has all three in their places.)\n"
    "  wasmup completion fish > ~/.config/fish/completions/wasmup.fish\n"
    "      For fish.\n"
    "  wasmup completion zsh > ~/.zfunc/_wasmup\n"
    "      For zsh, with ~/.zfunc in its fpath.";

using Apps = std::vector<const CLI::App*>;

Apps commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

/// Those of its own commands, if it has any, too.
std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  const auto add = [&flags](const CLI::App& app) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        if (std::ranges::find(flags, "--" + name) == flags.end()) flags.push_back("--" + name);
      }
    }
  };
  add(command);
  if (command.get_parent() == nullptr) return flags;
  for (const CLI::App* const inner : commands_of(command)) add(*inner);
  return flags;
}

std::vector<std::string> names(const Apps& commands) {
  std::vector<std::string> all;
  for (const CLI::App* command : commands) all.push_back(command->get_name());
  return all;
}

/// A command, perhaps one of its own, and then its flags; files wherever no flag is begun.
std::string bash(const CLI::App& program) {
  const Apps commands = commands_of(program);
  std::string cases;
  for (const CLI::App* command : commands) {
    cases += fmt::format("    {}) words='{}' inner='{}' ;;\n", command->get_name(),
                         fmt::join(flags_of(*command), " "), fmt::join(names(commands_of(*command)), " "));
  }
  return fmt::format(
      "_wasmup() {{\n"
      "  local words='{0}' inner='{1}' current=${{COMP_WORDS[COMP_CWORD]}}\n"
      "  if ((COMP_CWORD > 1)); then\n"
      "    words='' inner=''\n"
      "    case ${{COMP_WORDS[1]}} in\n{2}    esac\n"
      "    if ((COMP_CWORD > 2)); then inner=''; fi\n"
      "  fi\n"
      "  words=\"$inner $words\"\n"
      "  if [[ -z $inner && $current != -* ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
      "  else\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "  fi\n"
      "}}\n"
      "complete -o filenames -F _wasmup wasmup\n",
      fmt::join(flags_of(program), " "), fmt::join(names(commands), " "), cases);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// Quoted for zsh and fish alike.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string zsh(const CLI::App& program) {
  std::string commands;
  std::string cases;
  std::string inner;
  for (const CLI::App* command : commands_of(program)) {
    commands += fmt::format("    {}\n", quoted(command->get_name() + ":" + command->get_description()));
    cases +=
        fmt::format("    {}) compadd -- {} ;;\n", command->get_name(), fmt::join(flags_of(*command), " "));
    if (const Apps own = commands_of(*command); !own.empty()) {
      inner +=
          fmt::format("    {}) compadd -- {}; return ;;\n", command->get_name(), fmt::join(names(own), " "));
    }
  }
  return fmt::format(
      "#compdef wasmup\n"
      "_wasmup() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  if ((CURRENT == 3)); then\n"
      "    case $words[2] in\n{}    esac\n"
      "  fi\n"
      "  if [[ $words[CURRENT] != -* ]]; then\n"
      "    _files\n"
      "    return\n"
      "  fi\n"
      "  case $words[2] in\n{}  esac\n"
      "}}\n"
      "compdef _wasmup wasmup\n",
      commands, inner, cases);
}

/// The flags of a command, offered behind the word.
std::string fish_flags(const CLI::App& command, const std::string& word) {
  std::string script;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      script += fmt::format("complete -c wasmup -n '__fish_seen_subcommand_from {}' -l {} -d {}{}\n", word,
                            name, quoted(first_line(option->get_description())),
                            option->get_items_expected_max() != 0 ? " -r" : "");
    }
  }
  return script;
}

std::string fish(const CLI::App& program) {
  std::string script;
  for (const CLI::App* command : commands_of(program)) {
    script += fmt::format("complete -c wasmup -n __fish_use_subcommand -f -a {} -d {}\n", command->get_name(),
                          quoted(command->get_description()));
    script += fish_flags(*command, command->get_name());
    for (const CLI::App* inner : commands_of(*command)) {
      script += fmt::format("complete -c wasmup -n '__fish_seen_subcommand_from {}' -f -a {} -d {}\n",
                            command->get_name(), inner->get_name(), quoted(inner->get_description()));
      script += fish_flags(*inner, inner->get_name());
    }
  }
  return script;
}

}  // namespace

void add_completion(CLI::App& program, Environment& environment, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = *program.add_subcommand("completion", "Print what makes a shell complete commands");
  command.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->option_text(" ")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.footer(examples);
  command.callback([shell, &program, &environment, &action] {
    action = [shell, &program, &environment]() -> Expected<void> {
      environment.terminal.print(*shell == "bash"  ? bash(program)
                                 : *shell == "zsh" ? zsh(program)
                                                   : fish(program));
      return {};
    };
  });
}

}  // namespace wasmup::commands
