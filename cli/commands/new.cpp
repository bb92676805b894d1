// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>

#include "../project/template.hpp"
#include "command.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup new hello && cd hello && wasmup run\n"
    "      A filter that sets a response header, served in a real Envoy.\n"
    "  wasmup new filters/keys --template auth\n"
    "      One that asks a service about API keys, in the folder filters/keys.";

struct NewFlags {
  std::filesystem::path folder;
  std::string kind = "header";
};

Expected<void> make_new(const NewFlags& flags, Environment& environment) {
  const std::filesystem::path folder =
      flags.folder.has_filename() ? flags.folder : flags.folder.parent_path();
  const Expected<project::Name> name = project::parse_name(folder.filename().string());
  if (!name) return std::unexpected(name.error());
  const auto files =
      project::make_from_template(environment.installation.templates(), flags.kind, *name, folder);
  if (!files) return std::unexpected(files.error());
  for (const std::filesystem::path& file : *files) {
    environment.terminal.say("wrote", (folder / file).string());
  }
  environment.terminal.say("next", fmt::format("cd {} && wasmup run", folder.string()));
  return {};
}

}  // namespace

void add_new(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<NewFlags>();
  CLI::App& command = *program.add_subcommand("new", "Start a filter in a folder of its own");
  command.add_option("NAME", flags->folder, "The folder to make; its last part names the filter")
      ->required()
      ->option_text(" ");
  command
      .add_option("--template", flags->kind,
                  "What to start from: header, body, auth, tcp or\n"
                  "multi (default: header)")
      ->option_text("KIND")
      ->check(CLI::IsMember({"header", "body", "auth", "tcp", "multi"}));
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return make_new(*flags, environment); };
  });
}

}  // namespace wasmup::commands
