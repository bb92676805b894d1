// SPDX-License-Identifier: MIT
#include "log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>
#include <vector>

#include "../text/visible.hpp"

namespace wasmup::envoy {
namespace {

constexpr char separator = '\x1f';

/// What stands between two pieces of text, or nothing.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t start = text.find(before);
  const size_t end = text.rfind(after);
  if (start == text.npos || end == text.npos || end < start + before.size()) return {};
  return text.substr(start + before.size(), end - start - before.size());
}

/// Envoy's last critical line quotes what went wrong and adds the whole configuration; the quote is enough.
std::string_view without_configuration(std::string_view message) {
  const std::string_view quoted = between(message, "error `", "` initializing config");
  return quoted.empty() ? message : quoted;
}

int64_t number(std::string_view text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_error(const LogLine& line) { return line.level == "error" || line.level == "critical"; }

/// Lines that only say that something went wrong, or where in Envoy.
bool says_nothing(const LogLine& line) {
  if (line.logger == "backtrace") return !line.message.starts_with("Caught ");
  return line.logger == "wasm" && line.level == "critical" && !line.from_module;
}

}  // namespace

LogLine parse_log_line(std::string_view line) {
  std::string_view message = line;
  std::array<std::string_view, 4> fields;
  for (std::string_view& field : fields) {
    const size_t end = message.find(separator);
    if (end == message.npos) return {.message = text::visible(line)};
    field = message.substr(0, end);
    message.remove_prefix(end + 1);
  }
  LogLine result{.level = std::string(fields[0]), .logger = std::string(fields[1])};
  result.time = std::chrono::nanoseconds(number(fields[2]));
  result.thread = number(fields[3]);
  // "wasm log", then whichever there are of the plugin's name, its root id and the VM's id, then its words.
  constexpr std::string_view by_module = "wasm log";
  const size_t colon = message.find(": ");
  if (result.logger == "wasm" && message.starts_with(by_module) && colon != message.npos &&
      (message[by_module.size()] == ' ' || colon == by_module.size())) {
    result.from_module = true;
    const std::string_view by = message.substr(0, colon);
    if (by != by_module) result.vm = by.substr(by.rfind(' ') + 1);
    message.remove_prefix(colon + 2);
  }
  result.message = text::visible(message);
  return result;
}

std::string reason_in(std::span<const LogLine> log) {
  std::vector<std::string> reasons;
  const auto add = [&reasons](std::string_view reason) {
    const auto says_it = [reason](const std::string& earlier) { return earlier.contains(reason); };
    if (std::ranges::none_of(reasons, says_it)) reasons.emplace_back(reason);
  };
  for (const LogLine& line : log) {
    if (line.message.starts_with("Filesystem config update rejected: ")) {
      add(std::string_view(line.message).substr(line.message.find(": ") + 2));
    } else if (is_error(line) && !says_nothing(line)) {
      add(line.from_module ? "the module logged: " + line.message
                           : std::string(without_configuration(line.message)));
    }
  }
  if (reasons.empty()) {
    // Not a word in the log: what came before it, such as the loader's "version `GLIBC_2.38' not found".
    for (const LogLine& line : log) {
      if (line.level.empty() && !line.message.empty()) add(line.message);
    }
    constexpr size_t enough = 5;
    if (reasons.size() > enough) reasons.erase(reasons.begin(), reasons.end() - enough);
  }
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "\n") + reason;
  return text;
}

bool blames_module(std::span<const LogLine> log) {
  return std::ranges::any_of(log,
                             [](const LogLine& line) { return line.logger == "wasm" && is_error(line); });
}

}  // namespace wasmup::envoy
