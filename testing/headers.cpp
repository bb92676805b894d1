// SPDX-License-Identifier: MIT
#include <algorithm>
#include <ostream>

#include <wasmup/testing/headers.hpp>

#include "lower_case.hpp"

namespace wasmup::testing {
Headers::Headers(std::initializer_list<Pair> pairs) {
  for (const auto& [name, value] : pairs) add(name, value);
}

std::optional<std::string> Headers::get(std::string_view name) const {
  const auto found = std::ranges::find(pairs_, lower_case(name), &Pair::first);
  if (found == pairs_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Headers::values(std::string_view name) const {
  std::vector<std::string> result;
  for (const auto& [own_name, value] : pairs_) {
    if (own_name == lower_case(name)) result.push_back(value);
  }
  return result;
}

void Headers::add(std::string_view name, std::string_view value) {
  pairs_.emplace_back(lower_case(name), value);
}

void Headers::set(std::string_view name, std::string_view value) {
  const auto first = std::ranges::find(pairs_, lower_case(name), &Pair::first);
  if (name.starts_with(':') && first != pairs_.end()) {
    first->second = value;
    return;
  }
  remove(name);
  add(name, value);
}

void Headers::remove(std::string_view name) {
  std::erase_if(pairs_, [key = lower_case(name)](const Pair& pair) { return pair.first == key; });
}

std::ostream& operator<<(std::ostream& out, const Headers& headers) {
  if (headers.empty()) return out << "no headers";
  for (const auto& [name, value] : headers) out << "\n    " << name << ": " << value;
  return out;
}

}  // namespace wasmup::testing
