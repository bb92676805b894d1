// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status get_property(Host::Implementation& host, Arguments& in) {
  const std::string_view path = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  if (path.empty()) return Status::serialization_failure;
  const auto value = host.attribute(path.ends_with('\0') ? path.substr(0, path.size() - 1) : path);
  return value ? host.give(data, size, *value) : Status::not_found;
}

Status set_property(Host::Implementation& host, Arguments& in) {
  const std::string path(in.text());
  const std::string value(in.text());
  if (!in.valid()) return Status::invalid_memory_access;
  if (host.current_stream() == nullptr && host.current_connection() == nullptr) return Status::not_found;
  host.kept_properties[path] = value;
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_get_property", get_property},
    {"proxy_set_property", set_property},
};

}  // namespace

std::span<const HostcallEntry> property_hostcalls() { return entries; }

}  // namespace wasmup::testing
