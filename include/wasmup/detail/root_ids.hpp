// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace wasmup::detail {

template <class Unit>
constexpr bool has_root_id = requires {
  { Unit::root_id } -> std::convertible_to<std::string_view>;
};

/// The root ids that a module's filters name, as bytes for tools to find in its data (`wasmup inspect` does):
/// these words, each root id with a NUL behind it, and \1 or \0 for whether a filter serves any other one.
inline constexpr std::string_view root_ids_words = "wasmup root ids\n";
template <class Unit>
constexpr std::string_view root_id_of() {
  if constexpr (has_root_id<Unit>) return Unit::root_id;
  return {};
}
template <class... Units>
constexpr auto list_root_ids() {
  constexpr size_t size = (size_t{0} + ... + (root_id_of<Units>().size() + size_t{has_root_id<Units>}));
  std::array<char, root_ids_words.size() + size + 1> list{};
  char* end = list.data();
  const auto add = [&end](std::string_view text) {
    for (const char c : text) *end++ = c;
  };
  add(root_ids_words);
  ((has_root_id<Units> ? (add(root_id_of<Units>()), ++end) : end), ...);
  *end = !(has_root_id<Units> && ...);
  return list;
}

}  // namespace wasmup::detail
