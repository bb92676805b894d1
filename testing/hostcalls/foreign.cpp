// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status call_foreign_function(Host::Implementation& host, Arguments& in) {
  const std::string_view name = in.text();
  const std::string_view arguments = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  const auto function = host.foreign_functions.find(name);
  if (function == host.foreign_functions.end()) return Status::not_found;
  const ForeignResult result = function->second(arguments);
  // Null out-parameters: the module does not want to know. Otherwise Envoy writes them whatever the status.
  if (data == 0 || size == 0) return result.status;
  const Status given = host.give(data, size, result.results);
  return given == Status::ok ? result.status : given;
}

constexpr HostcallEntry entries[] = {{"proxy_call_foreign_function", call_foreign_function}};

}  // namespace

std::span<const HostcallEntry> foreign_hostcalls() { return entries; }

}  // namespace wasmup::testing
