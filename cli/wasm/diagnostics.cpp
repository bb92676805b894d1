// SPDX-License-Identifier: MIT
#include "diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <optional>

#include "../text/file.hpp"

namespace wasmup::wasm {
namespace {

namespace fs = std::filesystem;

struct Diagnostic {
  std::string file;
  std::string place;  ///< file:line:column
  std::string message;
};

/// What is before the last colon, if digits follow it; nothing otherwise.
std::optional<std::string_view> without_number(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == text.npos || colon + 1 == text.size()) return std::nullopt;
  const std::string_view number = text.substr(colon + 1);
  if (!std::ranges::all_of(number, [](unsigned char c) { return std::isdigit(c); })) return std::nullopt;
  return text.substr(0, colon);
}

std::optional<Diagnostic> parse_error(std::string_view line) {
  for (const std::string_view mark : {std::string_view(": error: "), std::string_view(": fatal error: ")}) {
    const size_t at = line.find(mark);
    if (at == line.npos) continue;
    Diagnostic diagnostic{"", "", std::string(line.substr(at + mark.size()))};
    const std::string_view place = line.substr(0, at);
    if (const auto file_and_line = without_number(place)) {
      if (const auto file = without_number(*file_and_line)) {
        diagnostic.file = *file;
        diagnostic.place = place;
      }
    }
    return diagnostic;
  }
  return std::nullopt;
}

/// The text of a static_assert is what its author wanted to say; what comes before is the compiler's.
std::string plain(const std::string& message) {
  constexpr std::string_view with_requirement = "static assertion failed due to requirement '";
  constexpr std::string_view bare = "static assertion failed: ";
  if (message.starts_with(bare)) return message.substr(bare.size());
  if (!message.starts_with(with_requirement)) return message;
  const size_t end = message.find("': ", with_requirement.size());
  return end == message.npos ? message : message.substr(end + 3);
}

bool is_part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// `on_something` at the start of a message; empty if it starts otherwise.
std::string callback_in(std::string_view message) {
  if (!message.starts_with("on_")) return {};
  const auto end = std::ranges::find_if_not(message, is_part_of_name);
  return std::string(message.begin(), end);
}

/// Where `name` first stands in a file, as line:column; nothing if it does not.
std::optional<std::string> find_name(const std::string& text, const std::string& name) {
  for (size_t at = 0; (at = text.find(name, at)) != text.npos; ++at) {
    const bool starts = at == 0 || !is_part_of_name(text[at - 1]);
    const bool ends = at + name.size() == text.size() || !is_part_of_name(text[at + name.size()]);
    if (!starts || !ends) continue;
    const size_t line_start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return fmt::format("{}:{}", 1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n'),
                       at - line_start + 1);
  }
  return std::nullopt;
}

}  // namespace

std::string pointer_to_first_error(std::string_view output, const std::vector<fs::path>& sources) {
  while (!output.empty()) {
    const size_t end = output.find('\n');
    const std::optional<Diagnostic> error = parse_error(output.substr(0, end));
    output.remove_prefix(end == output.npos ? output.size() : end + 1);
    if (!error) continue;

    std::string message = plain(error->message);
    if (error->place.empty()) return message;
    const std::string callback = callback_in(message);
    if (!callback.empty() && std::ranges::find(sources, fs::path(error->file)) == sources.end()) {
      for (const fs::path& source : sources) {
        const Expected<std::string> text = text::read_file(source);
        const std::optional<std::string> found = text ? find_name(*text, callback) : std::nullopt;
        if (found) return fmt::format("{}:{}: {}", source.string(), *found, message);
      }
    }
    return fmt::format("{}: {}", error->place, message);
  }
  return {};
}

}  // namespace wasmup::wasm
