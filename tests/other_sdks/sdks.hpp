// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace wasmup::other_sdks {

/// A folder beside this file, and the module that was built from it.
struct Sdk {
  std::string name;
  std::string module;
};

inline void PrintTo(const Sdk& sdk, std::ostream* out) { *out << sdk.name; }

/// From `name=path`, with a bar between one and the next.
inline std::vector<Sdk> sdks() {
  std::vector<Sdk> all;
  for (std::string_view rest = WASMUP_MODULES; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const size_t end = one.find('=');
    all.push_back({std::string(one.substr(0, end)), std::string(one.substr(end + 1))});
  }
  return all;
}

}  // namespace wasmup::other_sdks
