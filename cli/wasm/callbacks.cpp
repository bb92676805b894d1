// SPDX-License-Identifier: MIT
#include "callbacks.hpp"

#include <algorithm>

namespace wasmup::wasm {
namespace {

constexpr Callback all[] = {
    {"proxy_on_context_create", "once a stream, and once a configuration", 1},
    {"proxy_on_vm_start", "once a configuration in each thread, and once to try it", 0},
    {"proxy_validate_configuration", "never: no Envoy calls it", 0},
    {"proxy_on_configure", "once a configuration in each thread, and once to try it", 0},
    {"proxy_on_tick", "each time the period is over that the module has set", 0},
    {"proxy_on_request_headers", "once a request", 1},
    {"proxy_on_request_body", "once for each piece of a request's body", 0},
    {"proxy_on_request_trailers", "once a request with trailers", 0},
    {"proxy_on_request_metadata", "once for each metadata frame of a request", 0},
    {"proxy_on_response_headers", "once a response", 1},
    {"proxy_on_response_body", "once for each piece of a response's body", 1},
    {"proxy_on_response_trailers", "once a response with trailers", 0},
    {"proxy_on_response_metadata", "once for each metadata frame of a response", 0},
    {"proxy_on_new_connection", "once a connection", 0},
    {"proxy_on_downstream_data", "once for each piece that the client sends", 0},
    {"proxy_on_upstream_data", "once for each piece that the upstream sends", 0},
    {"proxy_on_downstream_connection_close", "once a connection", 0},
    {"proxy_on_upstream_connection_close", "once a connection", 0},
    {"proxy_on_http_call_response", "once for each HTTP call-out", 0},
    {"proxy_on_grpc_receive_initial_metadata", "once for each gRPC call-out", 0},
    {"proxy_on_grpc_receive", "once for each message of a gRPC call-out", 0},
    {"proxy_on_grpc_receive_trailing_metadata", "once for each gRPC call-out", 0},
    {"proxy_on_grpc_close", "once for each gRPC call-out", 0},
    {"proxy_on_queue_ready", "once for each item put into a queue of the module", 0},
    {"proxy_on_foreign_function", "whenever an extension of Envoy calls it", 0},
    {"proxy_on_log", "once a stream, when it is over", 1},
    {"proxy_on_done", "once a stream, when it is over", 1},
    {"proxy_on_delete", "once a stream, when it is over", 1},
    {"envoy_on_resolve_dns", "once for each name that the module has resolved", 0},
    {"envoy_on_stats_update", "each time Envoy flushes its stats, in a stats sink", 0},
};

}  // namespace

std::span<const Callback> callbacks() { return all; }

std::vector<Callback> callbacks_of(const Module& module) {
  std::vector<Callback> found;
  for (const Export& exported : module.exports) {
    const auto* const callback = std::ranges::find(all, exported.name, &Callback::name);
    if (exported.kind == Kind::function && callback != std::end(all)) found.push_back(*callback);
  }
  return found;
}

}  // namespace wasmup::wasm
