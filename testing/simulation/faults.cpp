// SPDX-License-Identifier: MIT
#include "faults.hpp"

#include <algorithm>
#include <charconv>

namespace wasmup::testing::simulation {
namespace {

constexpr uint32_t not_found = 1, bad_argument = 2, serialization_failure = 3, parse_failure = 4,
                   invalid_memory = 6, empty = 7, cas_mismatch = 8, internal_failure = 10, unimplemented = 12;
constexpr uint32_t wasi_bad_file = 8, wasi_fault = 21, wasi_invalid = 28, wasi_not_supported = 58;

constexpr uint32_t memory[] = {invalid_memory};
constexpr uint32_t bad[] = {bad_argument};
constexpr uint32_t log[] = {bad_argument, invalid_memory};
constexpr uint32_t read_buffer[] = {not_found, bad_argument, invalid_memory};
constexpr uint32_t read_map_value[] = {not_found, bad_argument, invalid_memory};
constexpr uint32_t map[] = {bad_argument, invalid_memory};
constexpr uint32_t let_go[] = {bad_argument, unimplemented};
constexpr uint32_t missing[] = {not_found};
constexpr uint32_t http_call[] = {bad_argument, internal_failure, invalid_memory};
constexpr uint32_t grpc_open[] = {parse_failure, bad_argument, internal_failure, invalid_memory};
constexpr uint32_t grpc_use[] = {bad_argument, not_found};
constexpr uint32_t missing_or_memory[] = {not_found, invalid_memory};
constexpr uint32_t set_shared[] = {cas_mismatch, invalid_memory};
constexpr uint32_t dequeue[] = {empty, not_found, invalid_memory};
constexpr uint32_t define[] = {bad_argument, invalid_memory};
constexpr uint32_t metric[] = {bad_argument, not_found};
constexpr uint32_t get_property[] = {not_found, serialization_failure, invalid_memory};
constexpr uint32_t set_property[] = {not_found, bad_argument, invalid_memory};
constexpr uint32_t foreign[] = {not_found, bad_argument, serialization_failure, internal_failure};
constexpr uint32_t clock[] = {wasi_not_supported, wasi_fault};
constexpr uint32_t random[] = {wasi_invalid, wasi_fault};
constexpr uint32_t output[] = {wasi_bad_file, wasi_fault};
constexpr uint32_t variables[] = {wasi_fault};

constexpr Failures table[] = {
    {"proxy_log", log},
    {"proxy_get_log_level", memory},
    {"proxy_get_current_time_nanoseconds", memory},
    {"proxy_set_tick_period_milliseconds", bad, Excuse::held},
    {"proxy_get_buffer_bytes", read_buffer},
    {"proxy_get_buffer_status", read_buffer},
    {"proxy_set_buffer_bytes", read_buffer, Excuse::length},
    {"proxy_get_header_map_value", read_map_value},
    {"proxy_get_header_map_pairs", map},
    {"proxy_get_header_map_size", map},
    {"proxy_set_header_map_pairs", map, Excuse::length},
    {"proxy_add_header_map_value", map, Excuse::length},
    {"proxy_replace_header_map_value", map, Excuse::length},
    {"proxy_remove_header_map_value", map, Excuse::length},
    {"proxy_continue_stream", let_go, Excuse::held},
    {"proxy_close_stream", bad, Excuse::held},
    {"proxy_send_local_response", map, Excuse::held},
    {"proxy_get_status", map},
    {"proxy_done", missing},
    {"proxy_set_effective_context", bad, Excuse::held},
    {"proxy_http_call", http_call},
    {"proxy_grpc_call", grpc_open},
    {"proxy_grpc_stream", grpc_open},
    {"proxy_grpc_send", grpc_use, Excuse::held},
    {"proxy_grpc_cancel", grpc_use},
    {"proxy_grpc_close", grpc_use},
    {"proxy_get_shared_data", missing_or_memory},
    {"proxy_set_shared_data", set_shared},
    {"proxy_register_shared_queue", memory, Excuse::held},
    {"proxy_resolve_shared_queue", missing_or_memory},
    {"proxy_enqueue_shared_queue", missing_or_memory, Excuse::held},
    {"proxy_dequeue_shared_queue", dequeue, Excuse::held},
    {"proxy_define_metric", define},
    {"proxy_increment_metric", metric},
    {"proxy_record_metric", metric},
    {"proxy_get_metric", metric},
    {"proxy_get_property", get_property},
    {"proxy_set_property", set_property},
    {"proxy_call_foreign_function", foreign},
    {"clock_time_get", clock},
    {"random_get", random},
    {"environ_sizes_get", variables},
    {"environ_get", variables},
    {"fd_write", output},
};

template <class Number>
bool take(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool skip(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::span<const Failures> all_failures() { return table; }

const Failures* failures_of(std::string_view hostcall) {
  const auto found = std::ranges::find(table, hostcall, &Failures::hostcall);
  return found != std::end(table) ? &*found : nullptr;
}

std::string RunName::text() const {
  std::string name = std::to_string(seed);
  if (repeats) return name + "/repeat";
  if (!fault) return name;
  return name + "/" + std::to_string(fault->event) + "." + std::to_string(fault->nth) + "/" +
         std::to_string(fault->status);
}

std::optional<RunName> RunName::of(std::string_view text) {
  RunName name;
  if (!take(text, name.seed)) return std::nullopt;
  if (text.empty()) return name;
  if (text == "/repeat") {
    name.repeats = true;
    return name;
  }
  Fault fault;
  if (!skip(text, '/') || !take(text, fault.event) || !skip(text, '.') || !take(text, fault.nth) ||
      !skip(text, '/') || !take(text, fault.status) || !text.empty()) {
    return std::nullopt;
  }
  name.fault = fault;
  return name;
}

}  // namespace wasmup::testing::simulation
