// SPDX-License-Identifier: MIT
#include <utility>

#include "../header_map.hpp"
#include "../pairs.hpp"
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status get_header(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  if (type > abi::MapType::call_trailers) return Status::bad_argument;
  const Headers* const map = host.map_at_hand(type);
  if (map == nullptr) return host.is_logging() ? Status::not_found : Status::bad_argument;
  const auto value = map->get(header_map::name_in(type, name));
  return value ? host.give(data, size, *value) : Status::not_found;
}

Status get_pairs(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const Address data = in.out();
  const Address size = in.out();
  if (type > abi::MapType::call_trailers) return Status::bad_argument;
  const Headers* const map = host.map_at_hand(type);
  return host.give(data, size, map != nullptr ? encode_pairs(*map) : std::string());
}

/// The bytes of names and values, not a count, and of maps that can be changed only.
Status get_size(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const Address out = in.out();
  if (type > abi::MapType::call_trailers) return Status::bad_argument;
  const Headers* const map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  size_t bytes = 0;
  for (const auto& [name, value] : *map) bytes += name.size() + value.size();
  return write_word(*host.guest, out, bytes) ? Status::ok : Status::invalid_memory_access;
}

/// Changed request headers make Envoy choose the route anew.
Status changed(Host::Implementation& host, abi::MapType type) {
  if (type == abi::MapType::request_headers) ++host.route_cache_clearings;
  return Status::ok;
}

Status set_pairs(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const std::string_view pairs = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  Headers* const map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  *map = header_map::kept(type, decode_pairs(pairs));  // none at all when they are malformed
  return changed(host, type);
}

Status change_header(Host::Implementation& host, Arguments& in,
                     void (*change)(abi::MapType, Headers&, std::string_view, std::string_view)) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  const std::string_view value = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  Headers* const map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  change(type, *map, name, value);
  return changed(host, type);
}

Status add_header(Host::Implementation& host, Arguments& in) {
  return change_header(host, in, header_map::add);
}
Status replace_header(Host::Implementation& host, Arguments& in) {
  return change_header(
      host, in, [](abi::MapType type, Headers& headers, std::string_view name, std::string_view value) {
        headers.set(header_map::name_in(type, name), value);
      });
}

Status remove_header(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MapType>();
  const std::string_view name = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  Headers* const map = host.map_to_write(type);
  if (map == nullptr) return Status::bad_argument;
  map->remove(header_map::name_in(type, name));
  return changed(host, type);
}

constexpr HostcallEntry entries[] = {
    {"proxy_get_header_map_value", get_header},       {"proxy_get_header_map_pairs", get_pairs},
    {"proxy_get_header_map_size", get_size},          {"proxy_set_header_map_pairs", set_pairs},
    {"proxy_add_header_map_value", add_header},       {"proxy_replace_header_map_value", replace_header},
    {"proxy_remove_header_map_value", remove_header},
};

}  // namespace

std::span<const HostcallEntry> header_hostcalls() { return entries; }

}  // namespace wasmup::testing
