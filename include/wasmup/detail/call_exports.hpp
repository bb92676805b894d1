// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <wasmup/abi.hpp>
#include <wasmup/detail/native_export.hpp>
#include <wasmup/detail/pending_calls.hpp>

/// The callbacks by which call-outs answer. No filter declares them: `http_call` and `grpc_call` take them
/// into a module by naming them, and a module that makes no call does not have them.
namespace wasmup::detail {

template <class>
struct ExportHttpCallResponse {
  WASMUP_DETAIL_EXPORT("proxy_on_http_call_response")
  static void exported(uint32_t root, uint32_t token, uint32_t headers, uint32_t body_size,
                       uint32_t trailers) {
    http_call_response(root, token, {headers, body_size, trailers});
  }
  WASMUP_DETAIL_NATIVE("proxy_on_http_call_response")
};

template <class>
struct ExportGrpcInitialMetadata {
  WASMUP_DETAIL_EXPORT("proxy_on_grpc_receive_initial_metadata")
  static void exported(uint32_t root, uint32_t token, uint32_t) {
    grpc_event(root, token, {GrpcEvent::Kind::initial_metadata, 0});
  }
  WASMUP_DETAIL_NATIVE("proxy_on_grpc_receive_initial_metadata")
};

template <class>
struct ExportGrpcReceive {
  WASMUP_DETAIL_EXPORT("proxy_on_grpc_receive")
  static void exported(uint32_t root, uint32_t token, uint32_t size) {
    grpc_event(root, token, {GrpcEvent::Kind::message, size});
  }
  WASMUP_DETAIL_NATIVE("proxy_on_grpc_receive")
};

template <class>
struct ExportGrpcTrailingMetadata {
  WASMUP_DETAIL_EXPORT("proxy_on_grpc_receive_trailing_metadata")
  static void exported(uint32_t root, uint32_t token, uint32_t) {
    grpc_event(root, token, {GrpcEvent::Kind::trailing_metadata, 0});
  }
  WASMUP_DETAIL_NATIVE("proxy_on_grpc_receive_trailing_metadata")
};

template <class>
struct ExportGrpcClose {
  WASMUP_DETAIL_EXPORT("proxy_on_grpc_close")
  static void exported(uint32_t root, uint32_t token, uint32_t status) {
    grpc_event(root, token, {GrpcEvent::Kind::close, status});
  }
  WASMUP_DETAIL_NATIVE("proxy_on_grpc_close")
};

}  // namespace wasmup::detail
