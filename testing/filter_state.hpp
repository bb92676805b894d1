// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "implementation.hpp"

/// What filters keep with a stream: its own, by Envoy's keys ("wasm.NAME" for what set_property keeps).
/// Host::Implementation::kept_properties holds it all: once under its name alone, for Host::property, and
/// once more with the number of the stream in front.
namespace wasmup::testing {

inline std::string filter_state_key(uint32_t context, std::string_view key) {
  return std::to_string(context).append(1, '\0').append(key);
}

inline std::optional<std::string> filter_state(const Host::Implementation& host, std::string_view key) {
  const auto found = host.kept_properties.find(filter_state_key(host.context(), key));
  if (found == host.kept_properties.end()) return std::nullopt;
  return found->second;
}

inline void set_filter_state(Host::Implementation& host, std::string_view key, std::string_view name,
                             std::string_view value) {
  host.kept_properties.insert_or_assign(filter_state_key(host.context(), key), std::string(value));
  host.kept_properties.insert_or_assign(std::string(name), std::string(value));
}

// What declare_property said: under the number of the root, which keeps nothing itself.

inline std::string declaration_key(std::string_view name) { return "declaration of " + std::string(name); }

inline bool declare_property(Host::Implementation& host, std::string_view name, bool is_read_only) {
  const std::string key = filter_state_key(host.context(), declaration_key(name));
  return host.kept_properties.emplace(key, is_read_only ? "read-only" : "").second;
}

inline bool is_read_only(Host::Implementation& host, std::string_view name) {
  const RootState* const root = host.current_root();
  if (root == nullptr) return false;
  const auto found = host.kept_properties.find(filter_state_key(root->id, declaration_key(name)));
  return found != host.kept_properties.end() && found->second == "read-only";
}

}  // namespace wasmup::testing
