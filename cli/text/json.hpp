// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace wasmup::text {

/// JSON from outside: at most 64 MiB, 100 levels and 4 million values. Protobuf, and so Envoy, takes no more
/// levels either; what goes through a value level by level would end in a stack overflow. An error says where
/// and why. `Json` is nlohmann's json or ordered_json, which loses its order where it has very many names.
template <class Json>
std::expected<Json, std::string> read_json(std::string_view text);

extern template std::expected<nlohmann::json, std::string> read_json(std::string_view);
extern template std::expected<nlohmann::ordered_json, std::string> read_json(std::string_view);

/// The same where it does not matter why: then the value is discarded (is_discarded()).
template <class Json = nlohmann::json>
Json parse_json(std::string_view text) {
  return read_json<Json>(text).value_or(Json(Json::value_t::discarded));
}

}  // namespace wasmup::text
