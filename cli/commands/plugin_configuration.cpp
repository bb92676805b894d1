// SPDX-License-Identifier: MIT
#include "plugin_configuration.hpp"

#include <fmt/format.h>

#include "../text/file.hpp"
#include "../text/json.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* next = R"(--config '{"name": "value"}', or --config @FILE)";

}  // namespace

Expected<std::string> read_plugin_configuration(const std::string& argument) {
  const bool is_file = argument.starts_with('@');
  Expected<std::string> text =
      is_file ? text::read_file(argument.substr(1)) : Expected<std::string>(argument);
  if (!text) {
    Error error = text.error();
    error.what = "--config: " + error.what;
    error.next = next;
    return std::unexpected(error);
  }
  if (const auto parsed = text::read_json<nlohmann::json>(*text); !parsed) {
    const std::string what = is_file ? fmt::format("--config: {} is not valid JSON", argument.substr(1))
                                     : "--config is not valid JSON";
    return std::unexpected(Error{ExitCode::usage, what, parsed.error(), next});
  }
  return text;
}

}  // namespace wasmup::commands
