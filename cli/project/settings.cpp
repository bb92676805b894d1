// SPDX-License-Identifier: MIT
#include "settings.hpp"

#include <fmt/format.h>
#include <vector>

#include "../text/bounded_yaml.hpp"
#include "../text/file.hpp"
#include "../text/suggestion.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_bytes = 65536;
const std::vector<std::string> known{"root_id", "config", "requests"};
constexpr const char* example = "root_id: hello\nconfig: config.json\nrequests: requests.yaml";

std::unexpected<Error> wrong(const fs::path& file, const YAML::Mark& mark, const std::string& seen) {
  std::string place = file.string();
  if (!mark.is_null()) place += fmt::format(":{}:{}", mark.line + 1, mark.column + 1);
  return std::unexpected(Error{ExitCode::usage, place + " is not as it should be", seen,
                               fmt::format("it may have\n{}", example)});
}

}  // namespace

Expected<Settings> read_settings(const fs::path& folder) {
  Settings settings;
  const fs::path file = folder / settings_file;
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) return settings;
  const Expected<std::string> text = text::read_beneath(folder, settings_file, most_bytes);
  if (!text) return std::unexpected(text.error());
  try {
    const YAML::Node all = text::load_bounded(*text);
    if (all.IsNull()) return settings;
    if (!all.IsMap()) return wrong(file, all.Mark(), "it is no mapping of names to values");
    for (const auto& entry : all) {
      const YAML::Node& name = entry.first;
      const YAML::Node& value = entry.second;
      const auto key = name.as<std::string>("");
      if (!value.IsScalar()) return wrong(file, value.Mark(), fmt::format("{} must be one text", key));
      const auto given = value.as<std::string>();
      if (key == "root_id") {
        settings.root_id = given;
      } else if (key == "config") {
        settings.config = text::Origin{given, folder};
      } else if (key == "requests") {
        settings.requests = text::Origin{given, folder};
      } else {
        const std::string nearest = text::nearest(key, known);
        return wrong(file, name.Mark(),
                     fmt::format("there is no setting '{}'{}", key,
                                 nearest.empty() ? "" : fmt::format(": did you mean {}?", nearest)));
      }
    }
  } catch (const YAML::Exception& exception) {
    return wrong(file, exception.mark, exception.msg);
  }
  return settings;
}

}  // namespace wasmup::project
