// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmup::testing {

/// Headers as Envoy keeps them: in order, names in lower case, a name may repeat.
class Headers {
 public:
  using Pair = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Pair> pairs);

  /// The first value, as a module gets it; nothing when the name is not there (an empty value is a value).
  std::optional<std::string> get(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;
  bool contains(std::string_view name) const { return get(name).has_value(); }

  void add(std::string_view name, std::string_view value);
  /// One value in place of all there were: behind all others, as Envoy puts it, unless it is a pseudo-header.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  size_t size() const { return pairs_.size(); }
  bool empty() const { return pairs_.empty(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

  bool operator==(const Headers&) const = default;

 private:
  std::vector<Pair> pairs_;
};

std::ostream& operator<<(std::ostream& out, const Headers& headers);

}  // namespace wasmup::testing
