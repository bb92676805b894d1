// SPDX-License-Identifier: MIT
#include "filter_folder.hpp"

#include "../project/settings.hpp"

namespace wasmup::commands {

namespace fs = std::filesystem;

Expected<fs::path> find_filter(const Environment& environment, const std::optional<std::string>& named) {
  if (named) return *named;
  std::error_code error;
  if (fs::exists(environment.folder / project::settings_file, error)) return environment.folder;
  if (environment.installation.is_checkout) return environment.installation.root / "filters" / "add_header";
  return std::unexpected(Error{ExitCode::usage, "which filter?",
                               std::string("this folder has no ") + project::settings_file,
                               "wasmup new hello && cd hello, or name a folder"});
}

fs::path folder_of(const fs::path& filter) {
  std::error_code error;
  if (fs::is_directory(filter, error)) return filter;
  return filter.has_parent_path() ? filter.parent_path() : fs::path(".");
}

bool is_of_a_filter(std::string_view name) {
  for (const char* ending : {".cpp", ".hpp", ".h", ".json", ".yaml", ".wasm"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace wasmup::commands
