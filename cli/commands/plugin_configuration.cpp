// SPDX-License-Identifier: MIT
#include "plugin_configuration.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wasmup::commands {
namespace {

constexpr size_t most_bytes = size_t{16} << 20;
constexpr const char* next = R"(--config '{"name": "value"}', or --config @FILE)";

/// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." without its head.
std::string_view reason_of(const nlohmann::json::exception& error) {
  const std::string_view text = error.what();
  const size_t place = text.find("line ");
  return place == text.npos ? text : text.substr(place);
}

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
  try {
    [[maybe_unused]] const nlohmann::json parsed = nlohmann::json::parse(*text);
  } catch (const nlohmann::json::exception& error) {  // a number may be too large, too
    const std::string what = source.file
                                 ? fmt::format("--config: {} is not valid JSON", source.file->path().string())
                                 : "--config is not valid JSON";
    return std::unexpected(Error{ExitCode::usage, what, std::string(reason_of(error)), next});
  }
  return text;
}

}  // namespace wasmup::commands
