// SPDX-License-Identifier: MIT
#include "source_places.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../text/json.hpp"

namespace wasmup::commands {
namespace {

using nlohmann::json;
using Places = std::map<uint64_t, std::string>;

constexpr std::chrono::seconds limit{60};
constexpr size_t most_at_once = 1000;  // a command line has an end

/// The innermost place, of one address.
std::string place_in(const json& answer) {
  const json symbols = answer.value("Symbol", json::array());
  if (symbols.empty()) return {};
  const std::string file = symbols.front().value("FileName", "");
  const int line = symbols.front().value("Line", 0);
  if (file.empty() || line == 0) return {};
  std::string_view shown = file;
  while (shown.starts_with("./")) shown.remove_prefix(2);
  return fmt::format("{}:{}:{}", shown, line, symbols.front().value("Column", 0));
}

Expected<void> add_places(os::Processes& processes, const std::vector<std::string>& argv,
                          const std::vector<uint64_t>& offsets, Places& places) {
  const Expected<os::Finished> finished = processes.run({argv}, limit);
  if (!finished) return std::unexpected(finished.error());
  const json answers = text::parse_json(finished->output);
  if (finished->status != 0 || !answers.is_array() || answers.size() != offsets.size()) {
    return std::unexpected(Error{ExitCode::environment, argv.front() + " does not read the symbols",
                                 finished->output,
                                 "symbolize with another llvm-symbolizer first on the PATH"});
  }
  for (size_t i = 0; i < offsets.size(); ++i) {
    try {
      if (std::string place = place_in(answers[i]); !place.empty())
        places.emplace(offsets[i], std::move(place));
    } catch (const json::exception&) {
      continue;  // not as it is wont to answer: there is the function's name still
    }
  }
  return {};
}

}  // namespace

std::optional<std::filesystem::path> find_symbolizer(const os::Processes& processes) {
  if (auto found = processes.find("llvm-symbolizer")) return found;
  for (int version = 22; version >= 14; --version) {
    if (auto found = processes.find(fmt::format("llvm-symbolizer-{}", version))) return found;
  }
  return std::nullopt;
}

Expected<Places> source_places(os::Processes& processes, const std::filesystem::path& symbolizer,
                               const std::filesystem::path& symbols, const std::vector<uint64_t>& offsets) {
  Places places;
  for (size_t start = 0; start < offsets.size(); start += most_at_once) {
    const auto begin = offsets.begin() + static_cast<std::ptrdiff_t>(start);
    const auto count = std::min(most_at_once, offsets.size() - start);
    const std::vector<uint64_t> some(begin, begin + static_cast<std::ptrdiff_t>(count));
    std::vector<std::string> argv{symbolizer.string(), "--output-style=JSON", "--obj=" + symbols.string()};
    for (const uint64_t offset : some) argv.push_back(fmt::format("{:#x}", offset));
    if (const auto added = add_places(processes, argv, some, places); !added) {
      return std::unexpected(added.error());
    }
  }
  return places;
}

}  // namespace wasmup::commands
