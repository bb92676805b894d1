// SPDX-License-Identifier: MIT
#include "plugin_configuration.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../text/file.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* next = R"(--config '{"name": "value"}', or --config @FILE)";

/// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..." without its head.
std::string_view reason_of(const nlohmann::json::exception& error) {
  const std::string_view text = error.what();
  const size_t place = text.find("line ");
  return place == text.npos ? text : text.substr(place);
}

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
  try {
    [[maybe_unused]] const nlohmann::json parsed = nlohmann::json::parse(*text);
  } catch (const nlohmann::json::exception& error) {  // a number may be too large, too
    const std::string what = is_file ? fmt::format("--config: {} is not valid JSON", argument.substr(1))
                                     : "--config is not valid JSON";
    return std::unexpected(Error{ExitCode::usage, what, std::string(reason_of(error)), next});
  }
  return text;
}

}  // namespace wasmup::commands
