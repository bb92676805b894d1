// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "../implementation.hpp"
#include "arguments.hpp"

/// What Envoy answers to each hostcall, and in which callbacks: a file a family, a table in each.
namespace wasmup::testing {

struct HostcallEntry {
  std::string_view name;
  Status (*answer)(Host::Implementation&, Arguments&);
};

std::span<const HostcallEntry> buffer_hostcalls();
std::span<const HostcallEntry> foreign_hostcalls();
std::span<const HostcallEntry> grpc_hostcalls();
std::span<const HostcallEntry> header_hostcalls();
std::span<const HostcallEntry> http_call_hostcalls();
std::span<const HostcallEntry> log_and_time_hostcalls();
std::span<const HostcallEntry> metric_hostcalls();
std::span<const HostcallEntry> property_hostcalls();
std::span<const HostcallEntry> shared_data_hostcalls();
std::span<const HostcallEntry> shared_queue_hostcalls();
std::span<const HostcallEntry> stream_hostcalls();
std::span<const HostcallEntry> wasi_hostcalls();

}  // namespace wasmup::testing
