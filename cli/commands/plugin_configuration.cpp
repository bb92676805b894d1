// SPDX-License-Identifier: MIT
#include "plugin_configuration.hpp"

#include <fmt/format.h>

#include "../text/json.hpp"

namespace wasmup::commands {
namespace {

constexpr size_t most_bytes = size_t{16} << 20;
constexpr const char* next = R"(--config '{"name": "value"}', or --config @FILE)";

}  // namespace

ConfigurationSource config_source(const std::string& argument) {
  if (!argument.starts_with('@')) return {.json = argument};
  return {.file = text::Origin{argument.substr(1)}};
}

Expected<std::string> read_plugin_configuration(const ConfigurationSource& source) {
  Expected<std::string> text =
      source.file ? text::read(*source.file, most_bytes) : Expected<std::string>(source.json);
  if (!text) {
    Error error = text.error();
    error.what = "--config: " + error.what;
    error.next =
        source.file->folder ? "wasmup.yaml names files of its own folder; for another: --config @FILE" : next;
    return std::unexpected(error);
  }
  if (const auto parsed = text::read_json<nlohmann::json>(*text); !parsed) {
    const std::string what = source.file
                                 ? fmt::format("--config: {} is not valid JSON", source.file->path().string())
                                 : "--config is not valid JSON";
    return std::unexpected(Error{ExitCode::usage, what, parsed.error(), next});
  }
  return text;
}

}  // namespace wasmup::commands
