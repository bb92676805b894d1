// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// Every wire fact of Proxy-Wasm ABI 0.2.1 as Envoy implements it: numbers, limits and hostcalls, and nothing
/// else.
///
/// The hostcalls at the end are the escape hatch for what the rest of the SDK does not offer (yet). Pointers
/// and sizes are 32 bits wide in a module and as wide as the machine's in native tests; what is 64 bits wide
/// is spelled int64_t.
namespace wasmup {

/// What a hostcall says of itself. The numbers with a gap in the published specification (5, 9, 11) do occur.
enum class Status : uint32_t {
  ok = 0,
  not_found = 1,
  bad_argument = 2,
  serialization_failure = 3,
  parse_failure = 4,
  bad_expression = 5,
  invalid_memory_access = 6,
  empty = 7,
  cas_mismatch = 8,
  result_mismatch = 9,
  internal_failure = 10,
  broken_connection = 11,
  unimplemented = 12,
};

/// Levels of proxy_log. Envoy may answer 6 ("off") when asked for its own level.
enum class LogLevel : uint32_t { trace = 0, debug = 1, info = 2, warn = 3, error = 4, critical = 5, off = 6 };

/// Which side closed a TCP connection.
enum class PeerType : uint32_t { unknown = 0, local = 1, remote = 2 };

namespace abi {

enum class MapType : uint32_t {
  request_headers = 0,
  request_trailers = 1,
  response_headers = 2,
  response_trailers = 3,
  grpc_initial_metadata = 4,
  grpc_trailing_metadata = 5,
  call_headers = 6,
  call_trailers = 7,
};

enum class BufferType : uint32_t {
  request_body = 0,
  response_body = 1,
  downstream_data = 2,
  upstream_data = 3,
  call_body = 4,
  grpc_message = 5,
  vm_configuration = 6,
  plugin_configuration = 7,
  foreign_arguments = 8,
};

enum class StreamType : uint32_t { request = 0, response = 1, downstream = 2, upstream = 3 };

enum class MetricType : uint32_t { counter = 0, gauge = 1, histogram = 2 };

/// The host decodes a longer list of pairs as no pairs at all, without an error: refuse it before the call.
inline constexpr size_t max_pairs = 1024;
inline constexpr size_t max_pairs_bytes = size_t{1} << 20;

/// No gRPC status on a local response: anything outside 0..16 counts as not set.
inline constexpr uint32_t no_grpc_status = 0xFFFFFFFF;

#if defined(__wasm__)
#define WASMUP_DETAIL_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define WASMUP_DETAIL_EXPORT(name) __attribute__((export_name(name), used))
#else
#define WASMUP_DETAIL_IMPORT(name)
#define WASMUP_DETAIL_EXPORT(name)
#endif

extern "C" {

// Logging, time, timer
WASMUP_DETAIL_IMPORT(proxy_log) Status proxy_log(LogLevel level, const char* message, size_t message_size);
WASMUP_DETAIL_IMPORT(proxy_get_log_level) Status proxy_get_log_level(LogLevel* level);
WASMUP_DETAIL_IMPORT(proxy_get_current_time_nanoseconds)
Status proxy_get_current_time_nanoseconds(uint64_t* time);
WASMUP_DETAIL_IMPORT(proxy_set_tick_period_milliseconds)
Status proxy_set_tick_period_milliseconds(uint32_t milliseconds);

// Configuration and buffers
WASMUP_DETAIL_IMPORT(proxy_get_buffer_bytes)
Status proxy_get_buffer_bytes(BufferType buffer, size_t start, size_t max_size, char** data, size_t* size);
WASMUP_DETAIL_IMPORT(proxy_get_buffer_status)
Status proxy_get_buffer_status(BufferType buffer, size_t* size, uint32_t* flags);
WASMUP_DETAIL_IMPORT(proxy_set_buffer_bytes)
Status proxy_set_buffer_bytes(BufferType buffer, size_t start, size_t size, const char* data,
                              size_t data_size);

// Header maps
WASMUP_DETAIL_IMPORT(proxy_get_header_map_value)
Status proxy_get_header_map_value(MapType map, const char* name, size_t name_size, char** value,
                                  size_t* value_size);
WASMUP_DETAIL_IMPORT(proxy_get_header_map_pairs)
Status proxy_get_header_map_pairs(MapType map, char** pairs, size_t* pairs_size);
WASMUP_DETAIL_IMPORT(proxy_get_header_map_size) Status proxy_get_header_map_size(MapType map, size_t* bytes);
WASMUP_DETAIL_IMPORT(proxy_set_header_map_pairs)
Status proxy_set_header_map_pairs(MapType map, const char* pairs, size_t pairs_size);
WASMUP_DETAIL_IMPORT(proxy_add_header_map_value)
Status proxy_add_header_map_value(MapType map, const char* name, size_t name_size, const char* value,
                                  size_t value_size);
WASMUP_DETAIL_IMPORT(proxy_replace_header_map_value)
Status proxy_replace_header_map_value(MapType map, const char* name, size_t name_size, const char* value,
                                      size_t value_size);
WASMUP_DETAIL_IMPORT(proxy_remove_header_map_value)
Status proxy_remove_header_map_value(MapType map, const char* name, size_t name_size);

// Streams and replies
WASMUP_DETAIL_IMPORT(proxy_continue_stream) Status proxy_continue_stream(StreamType stream);
WASMUP_DETAIL_IMPORT(proxy_close_stream) Status proxy_close_stream(StreamType stream);
WASMUP_DETAIL_IMPORT(proxy_send_local_response)
Status proxy_send_local_response(uint32_t status, const char* details, size_t details_size, const char* body,
                                 size_t body_size, const char* pairs, size_t pairs_size,
                                 uint32_t grpc_status);
WASMUP_DETAIL_IMPORT(proxy_get_status)
Status proxy_get_status(uint32_t* code, char** message, size_t* message_size);
WASMUP_DETAIL_IMPORT(proxy_done) Status proxy_done();
WASMUP_DETAIL_IMPORT(proxy_set_effective_context) Status proxy_set_effective_context(uint32_t context_id);

// Call-outs
WASMUP_DETAIL_IMPORT(proxy_http_call)
Status proxy_http_call(const char* cluster, size_t cluster_size, const char* headers, size_t headers_size,
                       const char* body, size_t body_size, const char* trailers, size_t trailers_size,
                       uint32_t timeout_milliseconds, uint32_t* token);
WASMUP_DETAIL_IMPORT(proxy_grpc_call)
Status proxy_grpc_call(const char* cluster, size_t cluster_size, const char* service, size_t service_size,
                       const char* method, size_t method_size, const char* metadata, size_t metadata_size,
                       const char* message, size_t message_size, uint32_t timeout_milliseconds,
                       uint32_t* token);
WASMUP_DETAIL_IMPORT(proxy_grpc_stream)
Status proxy_grpc_stream(const char* cluster, size_t cluster_size, const char* service, size_t service_size,
                         const char* method, size_t method_size, const char* metadata, size_t metadata_size,
                         uint32_t* token);
WASMUP_DETAIL_IMPORT(proxy_grpc_send)
Status proxy_grpc_send(uint32_t token, const char* message, size_t message_size, uint32_t end_of_stream);
WASMUP_DETAIL_IMPORT(proxy_grpc_cancel) Status proxy_grpc_cancel(uint32_t token);
WASMUP_DETAIL_IMPORT(proxy_grpc_close) Status proxy_grpc_close(uint32_t token);

// Shared state
WASMUP_DETAIL_IMPORT(proxy_get_shared_data)
Status proxy_get_shared_data(const char* key, size_t key_size, char** value, size_t* value_size,
                             uint32_t* cas);
WASMUP_DETAIL_IMPORT(proxy_set_shared_data)
Status proxy_set_shared_data(const char* key, size_t key_size, const char* value, size_t value_size,
                             uint32_t cas);
WASMUP_DETAIL_IMPORT(proxy_register_shared_queue)
Status proxy_register_shared_queue(const char* name, size_t name_size, uint32_t* token);
WASMUP_DETAIL_IMPORT(proxy_resolve_shared_queue)
Status proxy_resolve_shared_queue(const char* vm_id, size_t vm_id_size, const char* name, size_t name_size,
                                  uint32_t* token);
WASMUP_DETAIL_IMPORT(proxy_enqueue_shared_queue)
Status proxy_enqueue_shared_queue(uint32_t token, const char* data, size_t data_size);
WASMUP_DETAIL_IMPORT(proxy_dequeue_shared_queue)
Status proxy_dequeue_shared_queue(uint32_t token, char** data, size_t* data_size);

// Metrics
WASMUP_DETAIL_IMPORT(proxy_define_metric)
Status proxy_define_metric(MetricType type, const char* name, size_t name_size, uint32_t* metric);
WASMUP_DETAIL_IMPORT(proxy_increment_metric) Status proxy_increment_metric(uint32_t metric, int64_t offset);
WASMUP_DETAIL_IMPORT(proxy_record_metric) Status proxy_record_metric(uint32_t metric, int64_t value);
WASMUP_DETAIL_IMPORT(proxy_get_metric) Status proxy_get_metric(uint32_t metric, uint64_t* value);

// Properties and foreign functions
WASMUP_DETAIL_IMPORT(proxy_get_property)
Status proxy_get_property(const char* path, size_t path_size, char** value, size_t* value_size);
WASMUP_DETAIL_IMPORT(proxy_set_property)
Status proxy_set_property(const char* path, size_t path_size, const char* value, size_t value_size);
WASMUP_DETAIL_IMPORT(proxy_call_foreign_function)
Status proxy_call_foreign_function(const char* name, size_t name_size, const char* arguments,
                                   size_t arguments_size, char** results, size_t* results_size);

}  // extern "C"

#undef WASMUP_DETAIL_IMPORT

}  // namespace abi
}  // namespace wasmup
