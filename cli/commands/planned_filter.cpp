// SPDX-License-Identifier: MIT
#include "planned_filter.hpp"

#include <nlohmann/json.hpp>

#include "../project/settings.hpp"
#include "filter_folder.hpp"
#include "plugin_configuration.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

/// Envoy's configuration cannot carry anything else.
bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace

Expected<PlannedFilter> plan_filter(const FilterFlags& flags, const Environment& environment) {
  PlannedFilter plan{};
  const Expected<fs::path> filter = find_filter(environment, flags.path);
  if (!filter) return std::unexpected(filter.error());
  plan.path = *filter;
  const Expected<project::Settings> settings = project::read_settings(folder_of(plan.path));
  if (!settings) return std::unexpected(settings.error());
  plan.requests = settings->requests;
  plan.root_id = flags.root_id.value_or(settings->root_id.value_or("add_header_root"));
  if (!is_utf8(plan.root_id)) {
    return std::unexpected(Error{ExitCode::usage, "--root-id is not text", "it is not UTF-8", ""});
  }
  if (flags.config) {
    plan.config = config_source(*flags.config);
  } else if (settings->config) {
    plan.config = ConfigurationSource{.file = settings->config};
  }
  if (plan.config) {
    Expected<std::string> configuration = read_plugin_configuration(*plan.config);
    if (!configuration) return std::unexpected(configuration.error());
    plan.configuration = *std::move(configuration);
  }
  return plan;
}

}  // namespace wasmup::commands
