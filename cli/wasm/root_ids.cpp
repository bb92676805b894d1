// SPDX-License-Identifier: MIT
#include "root_ids.hpp"

#include <algorithm>

#include <wasmup/detail/root_ids.hpp>

namespace wasmup::wasm {
namespace {

constexpr std::string_view property = "plugin_root_id";

/// As AssemblyScript keeps its text.
std::string in_utf16(std::string_view text) {
  std::string wide;
  for (const char c : text) wide.append({c, '\0'});
  return wide;
}

std::string_view data_of(const Module& module, std::string_view bytes) {
  const auto section = std::ranges::find_if(
      module.sections, [](const Section& one) { return !one.is_custom && one.name == "data"; });
  if (section == module.sections.end()) return {};
  return bytes.substr(section->content, section->offset + section->size - section->content);
}

bool gets_properties(const Module& module) {
  return std::ranges::any_of(module.imports,
                             [](const Import& import) { return import.name == "proxy_get_property"; });
}

}  // namespace

RootIds root_ids_of(const Module& module, std::string_view bytes) {
  const std::string_view data = data_of(module, bytes);
  RootIds ids;
  ids.is_asked_for = gets_properties(module) && (data.find(property) != std::string_view::npos ||
                                                 data.find(in_utf16(property)) != std::string_view::npos);
  const size_t words = data.find(detail::root_ids_words);
  if (words == std::string_view::npos) return ids;
  std::string_view list = data.substr(words + detail::root_ids_words.size());
  while (!list.empty() && list.front() > '\1') {
    const size_t end = list.find('\0');
    if (end == std::string_view::npos) return ids;  // cut off: not what we wrote
    ids.names.emplace_back(list.substr(0, end));
    list.remove_prefix(end + 1);
  }
  ids.serves_others = !list.starts_with('\0');
  return ids;
}

}  // namespace wasmup::wasm
