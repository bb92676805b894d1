// SPDX-License-Identifier: MIT
#include <filesystem>
#include <memory>

#include "../project/settings.hpp"
#include "cache_folder.hpp"
#include "command.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "Examples:\n"
    "  wasmup clean\n"
    "      In a filter's folder: removes its build/.\n"
    "  wasmup clean filters/keys --cache\n"
    "      That of another folder; and the compiler's cache, which takes it a\n"
    "      minute to make again.";

struct CleanFlags {
  std::optional<std::string> folder = {};
  bool cache = false;
};

Expected<void> remove(const fs::path& folder, Environment& environment) {
  std::error_code error;
  const auto removed = fs::remove_all(folder, error);
  if (error) {
    return std::unexpected(
        Error{ExitCode::environment, "cannot remove " + folder.string(), error.message(), ""});
  }
  environment.terminal.say(removed == 0 ? "clean" : "removed", folder.string());
  return {};
}

Expected<void> clean(const CleanFlags& flags, Environment& environment) {
  const fs::path folder = flags.folder ? fs::path(*flags.folder) : environment.folder;
  std::error_code error;
  const bool is_filters = fs::exists(folder / project::settings_file, error);
  const bool cache_alone = flags.cache && !flags.folder;
  if (!is_filters && !cache_alone) {
    return std::unexpected(Error{ExitCode::usage, folder.string() + " is no filter's folder",
                                 std::string("it has no ") + project::settings_file, "wasmup clean FOLDER"});
  }
  if (is_filters) {
    if (const auto removed = remove((folder / "build").lexically_normal(), environment); !removed)
      return removed;
  }
  if (!flags.cache) return {};
  const auto cache = cache_folder(environment);
  return cache ? remove(*cache, environment) : Expected<void>();
}

}  // namespace

void add_clean(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<CleanFlags>();
  CLI::App& command = *program.add_subcommand("clean", "Remove what was built");
  command.add_option("FOLDER", flags->folder, "A filter's folder (default: this one)")->option_text(" ");
  command.add_flag("--cache", flags->cache, "The compiler's cache too");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return clean(*flags, environment); };
  });
}

}  // namespace wasmup::commands
