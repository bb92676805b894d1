// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace wasmup::kubernetes {

// What comes from a cluster may lack anything: what is not there is empty, and so is what is of another type.

inline const nlohmann::json& at(const nlohmann::json& object, const std::string& name) {
  static const nlohmann::json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

inline std::string text_at(const nlohmann::json& object, const std::string& name) {
  const nlohmann::json& value = at(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

inline int64_t number_at(const nlohmann::json& object, const std::string& name) {
  const nlohmann::json& value = at(object, name);
  return value.is_number_integer() ? value.get<int64_t>() : 0;
}

}  // namespace wasmup::kubernetes
