// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "../http/client.hpp"

namespace wasmup::traffic {

enum class Change { none, added, changed, removed };

/// One line of a response, as it is without the filter and with it; empty where there is none.
struct Difference {
  Change change;
  std::string without;
  std::string with;
};

/// Headers by name in the order of those without the filter, then what the filter added.
std::vector<Difference> compare(const http::Headers& without, const http::Headers& with);

/// Status, headers by name in the order of the response without the filter, then what the filter added, then
/// the size of the body. Headers that differ between any two responses (date) count as unchanged.
std::vector<Difference> compare(const http::Response& without, const http::Response& with);

}  // namespace wasmup::traffic
