// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

/// The numbers of wasmup/abi.hpp as people read them, by their values: for the fake host's records and for
/// what the command line shows of a trace.
namespace wasmup::detail::names {

inline constexpr std::array<std::string_view, 13> statuses{"ok",
                                                           "not_found",
                                                           "bad_argument",
                                                           "serialization_failure",
                                                           "parse_failure",
                                                           "bad_expression",
                                                           "invalid_memory_access",
                                                           "empty",
                                                           "cas_mismatch",
                                                           "result_mismatch",
                                                           "internal_failure",
                                                           "broken_connection",
                                                           "unimplemented"};
inline constexpr std::array<std::string_view, 7> levels{"trace", "debug",    "info", "warn",
                                                        "error", "critical", "off"};
inline constexpr std::array<std::string_view, 8> maps{
    "request_headers",       "request_trailers",       "response_headers", "response_trailers",
    "grpc_initial_metadata", "grpc_trailing_metadata", "call_headers",     "call_trailers"};
inline constexpr std::array<std::string_view, 9> buffers{
    "request_body", "response_body",    "downstream_data",      "upstream_data",    "call_body",
    "grpc_message", "vm_configuration", "plugin_configuration", "foreign_arguments"};
inline constexpr std::array<std::string_view, 4> streams{"request", "response", "downstream", "upstream"};
inline constexpr std::array<std::string_view, 3> metrics{"counter", "gauge", "histogram"};

}  // namespace wasmup::detail::names
