// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <wasmup/abi.hpp>

/// The shape of everything that crosses the boundary, as data: for the fake host and for checking a module
/// before a real host refuses it. Filters do not need this header.
namespace wasmup::abi {

/// A function's type in WebAssembly's terms: one letter a value, `i` for i32 and `I` for i64.
struct Signature {
  std::string_view name;
  std::string_view parameters;
  std::string_view result;  ///< empty or one letter
};

namespace detail {

template <class Function>
struct Letters;

template <class... Parameters>
struct Letters<Status(Parameters...)> {
  // size_t is an i32 in a module but 64 bits wide here, so width cannot tell: only int64_t is an i64 (see
  // abi.hpp).
  static constexpr std::array<char, sizeof...(Parameters)> text{
      (std::is_same_v<Parameters, int64_t> ? 'I' : 'i')...};
};

template <class Function>
constexpr Signature hostcall(std::string_view name) {
  return {name, {Letters<Function>::text.data(), Letters<Function>::text.size()}, "i"};
}

}  // namespace detail

/// What Envoy offers a module of ABI 0.2.1 under the import module `env`.
inline constexpr Signature hostcalls[] = {
    detail::hostcall<decltype(proxy_log)>("proxy_log"),
    detail::hostcall<decltype(proxy_get_log_level)>("proxy_get_log_level"),
    detail::hostcall<decltype(proxy_get_current_time_nanoseconds)>("proxy_get_current_time_nanoseconds"),
    detail::hostcall<decltype(proxy_set_tick_period_milliseconds)>("proxy_set_tick_period_milliseconds"),
    detail::hostcall<decltype(proxy_get_buffer_bytes)>("proxy_get_buffer_bytes"),
    detail::hostcall<decltype(proxy_get_buffer_status)>("proxy_get_buffer_status"),
    detail::hostcall<decltype(proxy_set_buffer_bytes)>("proxy_set_buffer_bytes"),
    detail::hostcall<decltype(proxy_get_header_map_value)>("proxy_get_header_map_value"),
    detail::hostcall<decltype(proxy_get_header_map_pairs)>("proxy_get_header_map_pairs"),
    detail::hostcall<decltype(proxy_get_header_map_size)>("proxy_get_header_map_size"),
    detail::hostcall<decltype(proxy_set_header_map_pairs)>("proxy_set_header_map_pairs"),
    detail::hostcall<decltype(proxy_add_header_map_value)>("proxy_add_header_map_value"),
    detail::hostcall<decltype(proxy_replace_header_map_value)>("proxy_replace_header_map_value"),
    detail::hostcall<decltype(proxy_remove_header_map_value)>("proxy_remove_header_map_value"),
    detail::hostcall<decltype(proxy_continue_stream)>("proxy_continue_stream"),
    detail::hostcall<decltype(proxy_close_stream)>("proxy_close_stream"),
    detail::hostcall<decltype(proxy_send_local_response)>("proxy_send_local_response"),
    detail::hostcall<decltype(proxy_get_status)>("proxy_get_status"),
    detail::hostcall<decltype(proxy_done)>("proxy_done"),
    detail::hostcall<decltype(proxy_set_effective_context)>("proxy_set_effective_context"),
    detail::hostcall<decltype(proxy_http_call)>("proxy_http_call"),
    detail::hostcall<decltype(proxy_grpc_call)>("proxy_grpc_call"),
    detail::hostcall<decltype(proxy_grpc_stream)>("proxy_grpc_stream"),
    detail::hostcall<decltype(proxy_grpc_send)>("proxy_grpc_send"),
    detail::hostcall<decltype(proxy_grpc_cancel)>("proxy_grpc_cancel"),
    detail::hostcall<decltype(proxy_grpc_close)>("proxy_grpc_close"),
    detail::hostcall<decltype(proxy_get_shared_data)>("proxy_get_shared_data"),
    detail::hostcall<decltype(proxy_set_shared_data)>("proxy_set_shared_data"),
    detail::hostcall<decltype(proxy_register_shared_queue)>("proxy_register_shared_queue"),
    detail::hostcall<decltype(proxy_resolve_shared_queue)>("proxy_resolve_shared_queue"),
    detail::hostcall<decltype(proxy_enqueue_shared_queue)>("proxy_enqueue_shared_queue"),
    detail::hostcall<decltype(proxy_dequeue_shared_queue)>("proxy_dequeue_shared_queue"),
    detail::hostcall<decltype(proxy_define_metric)>("proxy_define_metric"),
    detail::hostcall<decltype(proxy_increment_metric)>("proxy_increment_metric"),
    detail::hostcall<decltype(proxy_record_metric)>("proxy_record_metric"),
    detail::hostcall<decltype(proxy_get_metric)>("proxy_get_metric"),
    detail::hostcall<decltype(proxy_get_property)>("proxy_get_property"),
    detail::hostcall<decltype(proxy_set_property)>("proxy_set_property"),
    detail::hostcall<decltype(proxy_call_foreign_function)>("proxy_call_foreign_function"),
    // Not Proxy-Wasm, but linked by every Envoy for modules made with Emscripten.
    {"emscripten_notify_memory_growth", "i", ""},
    {"pthread_equal", "ii", "i"},
    {"envoy_resolve_dns", "iii", "i"},
};

/// What Envoy looks for among a module's exports. Any of these with another type makes the module fail to
/// load.
inline constexpr Signature callbacks[] = {
    {"malloc", "i", "i"},
    {"proxy_on_memory_allocate", "i", "i"},
    {"_initialize", "", ""},
    {"_start", "", ""},
    {"main", "ii", "i"},
    {"__main_void", "", "i"},
    {"proxy_on_context_create", "ii", ""},
    {"proxy_on_vm_start", "ii", "i"},
    {"proxy_validate_configuration", "ii", "i"},
    {"proxy_on_configure", "ii", "i"},
    {"proxy_on_tick", "i", ""},
    {"proxy_on_done", "i", "i"},
    {"proxy_on_log", "i", ""},
    {"proxy_on_delete", "i", ""},
    {"proxy_on_request_headers", "iii", "i"},
    {"proxy_on_request_body", "iii", "i"},
    {"proxy_on_request_trailers", "ii", "i"},
    {"proxy_on_request_metadata", "ii", "i"},
    {"proxy_on_response_headers", "iii", "i"},
    {"proxy_on_response_body", "iii", "i"},
    {"proxy_on_response_trailers", "ii", "i"},
    {"proxy_on_response_metadata", "ii", "i"},
    {"proxy_on_new_connection", "i", "i"},
    {"proxy_on_downstream_data", "iii", "i"},
    {"proxy_on_upstream_data", "iii", "i"},
    {"proxy_on_downstream_connection_close", "ii", ""},
    {"proxy_on_upstream_connection_close", "ii", ""},
    {"proxy_on_http_call_response", "iiiii", ""},
    {"proxy_on_grpc_receive_initial_metadata", "iii", ""},
    {"proxy_on_grpc_receive", "iii", ""},
    {"proxy_on_grpc_receive_trailing_metadata", "iii", ""},
    {"proxy_on_grpc_close", "iii", ""},
    {"proxy_on_queue_ready", "ii", ""},
    {"proxy_on_foreign_function", "iii", ""},
    {"envoy_on_resolve_dns", "iii", ""},
    {"envoy_on_stats_update", "ii", ""},
};

/// What Envoy offers under `wasi_snapshot_preview1`.
inline constexpr Signature wasi[] = {
    {"fd_write", "iiii", "i"},
    {"fd_read", "iiii", "i"},
    {"fd_seek", "iIii", "i"},
    {"fd_close", "i", "i"},
    {"fd_fdstat_get", "ii", "i"},
    {"fd_fdstat_set_flags", "ii", "i"},
    {"fd_prestat_get", "ii", "i"},
    {"fd_prestat_dir_name", "iii", "i"},
    {"environ_get", "ii", "i"},
    {"environ_sizes_get", "ii", "i"},
    {"args_get", "ii", "i"},
    {"args_sizes_get", "ii", "i"},
    {"clock_time_get", "iIi", "i"},
    {"random_get", "ii", "i"},
    {"sched_yield", "", "i"},
    {"poll_oneoff", "iiii", "i"},
    {"proc_exit", "i", ""},
    {"path_open", "iiiiiIIii", "i"},
    {"path_filestat_get", "iiiii", "i"},
};

}  // namespace wasmup::abi
