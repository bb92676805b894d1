// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include <wasmup/detail/protobuf.hpp>
#include <wasmup/foreign_function.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/result.hpp>

/// Filter state: what filters keep with a stream for one another, for the router and for the access log.
namespace wasmup {

/// How long something is kept.
enum class LifeSpan : uint8_t {
  filter_chain = 0,  ///< this way through the filters: an internal redirect begins without it
  request = 1,       ///< the request, with its internal redirects
  connection = 2,    ///< the client's connection: later requests on it find it too
};

/// What a property kept with set_property() is, for those that read it in Envoy.
enum class PropertyType : uint8_t { bytes = 0, string = 1, flat_buffers = 2, protobuf = 3 };

/// How set_property() is to keep a property.
struct PropertyDeclaration {
  /// The first value stays: setting it again is `Status::bad_argument`.
  bool is_read_only = false;
  PropertyType type = PropertyType::bytes;
  /// Of protobuf the type's URL, of flat_buffers the binary schema.
  std::string_view schema = {};
  LifeSpan life_span = LifeSpan::filter_chain;
};

/// Sets filter state that Envoy itself understands, such as "envoy.tcp_proxy.cluster",
/// "envoy.network.upstream_server_name" or "envoy.ratelimit.hits_addend"; `value` is what the documentation
/// of that name says. `Status::not_found` for a name Envoy does not know and outside a stream,
/// `Status::bad_argument` for a value that does not suit it, or has control characters. Set a name always for
/// the same life span: Envoy keeps the old value otherwise, says `ok`, and logs it as a bug. Foreign function
/// `set_envoy_filter_state`.
inline Result<> set_envoy_filter_state(std::string_view name, std::string_view value,
                                       LifeSpan life_span = LifeSpan::filter_chain) {
  if (name.empty() || has_control_character(name) || has_control_character(value))
    return Status::bad_argument;
  detail::ProtobufWriter arguments(3, name.size() + value.size());
  arguments.put(1, name).put(2, value).put(3, static_cast<uint8_t>(life_span));
  if (arguments.message().empty()) return Status::internal_failure;
  return run_foreign_function("set_envoy_filter_state", arguments.message());
}

/// Says how set_property(name, ...) keeps its value, for all streams of this configuration. In a callback of
/// the root context (on_configure): Envoy looks for it nowhere else. `Status::bad_argument` when the name has
/// been declared already. Foreign function `declare_property`.
inline Result<> declare_property(std::string_view name, const PropertyDeclaration& declaration) {
  if (name.empty() || has_control_character(name)) return Status::bad_argument;
  detail::ProtobufWriter arguments(5, name.size() + declaration.schema.size());
  arguments.put(1, name)
      .put(2, static_cast<uint8_t>(declaration.is_read_only))
      .put(3, static_cast<uint8_t>(declaration.type))
      .put(4, declaration.schema)
      .put(5, static_cast<uint8_t>(declaration.life_span));
  if (arguments.message().empty()) return Status::internal_failure;
  return run_foreign_function("declare_property", arguments.message());
}

}  // namespace wasmup
