// SPDX-License-Identifier: MIT
#include "trust.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

#include "resources.hpp"

namespace wasmup::gateway {
namespace {

bool leads_to_a_socket(const Json& object) {
  const Json::json_pointer place("/spec/endpoints");
  if (object.at("kind") != "Backend" || !object.contains(place) || !object[place].is_array()) return false;
  return std::ranges::any_of(object[place],
                             [](const Json& one) { return one.is_object() && one.contains("unix"); });
}

/// Why the object needs trust; empty when it needs none.
std::string beyond(const Json& object) {
  if (object.at("kind") == "EnvoyPatchPolicy") {
    return "it can make Envoy do what your user may: write files, and reach every address and socket";
  }
  if (leads_to_a_socket(object)) return "it leads to a Unix socket of this machine, and so to who serves it";
  return "";
}

}  // namespace

Expected<void> check_bounded(const std::vector<Json>& objects) {
  for (const Json& object : objects) {
    const std::string danger = beyond(object);
    if (danger.empty()) continue;
    return std::unexpected(Error{
        ExitCode::refused, fmt::format("{} is only taken from a manifest that you trust", key_of(object)),
        danger + ". In a cluster a pod bounds that, here nothing does",
        "read it; if you trust it: wasmup gateway apply --trusted FILE"});
  }
  return {};
}

}  // namespace wasmup::gateway
