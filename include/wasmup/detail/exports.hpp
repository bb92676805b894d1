// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <wasmup/abi.hpp>
#include <wasmup/detail/call_exports.hpp>
#include <wasmup/detail/callbacks.hpp>
#include <wasmup/detail/contexts.hpp>
#include <wasmup/detail/native_export.hpp>

#if defined(__wasm__)
// Weak: a module that never frees anything never receives anything, and carries no heap. Whatever owns memory
// frees it, and the reference to free() brings malloc() with it.
extern "C" [[gnu::weak]] void* malloc(size_t);
#endif

/// The module's exports, one template each. The primary template is empty; the specialisation for `true`
/// carries the export's name and exists, so is exported, only where Exports inherits it: a callback no filter
/// declares costs nothing. (A requires clause on the function itself would not do: clang exports it all the
/// same.)
namespace wasmup::detail {

/// What makes a module one at all. The marker is never called.
template <class Plugin>
struct Integration {
  WASMUP_DETAIL_EXPORT("proxy_abi_version_0_2_1") static void abi_version() {}
#if defined(__wasm__)
  WASMUP_DETAIL_EXPORT("proxy_on_memory_allocate") static void* memory_allocate(size_t size) {
    return &malloc != nullptr ? malloc(size) : nullptr;
  }
#endif
};

template <class Plugin, bool is_needed>
struct ExportContextCreate {};
template <class Plugin>
struct ExportContextCreate<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_context_create")
  static void exported(uint32_t context, uint32_t parent) { Plugin::context_create(context, parent); }
  WASMUP_DETAIL_NATIVE("proxy_on_context_create")
};

/// proxy_on_delete is ExportContextDelete's: code that keeps contexts takes it in, too.
template <class Plugin, bool is_needed>
struct TakeContextDelete {};
template <class Plugin>
struct TakeContextDelete<Plugin, true> : ExportContextDelete<typename LateVoid<Plugin>::type> {};

template <class Plugin, bool is_needed>
struct ExportVmStart {};
template <class Plugin>
struct ExportVmStart<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_vm_start")
  static uint32_t exported(uint32_t root, uint32_t size) { return Plugin::vm_start(root, size); }
  WASMUP_DETAIL_NATIVE("proxy_on_vm_start")
};

template <class Plugin, bool is_needed>
struct ExportConfigure {};
template <class Plugin>
struct ExportConfigure<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_configure")
  static uint32_t exported(uint32_t root, uint32_t size) { return Plugin::configure(root, size); }
  WASMUP_DETAIL_NATIVE("proxy_on_configure")
};

template <class Plugin, bool is_needed>
struct ExportTick {};
template <class Plugin>
struct ExportTick<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_tick")
  static void exported(uint32_t root) { Plugin::tick(root); }
  WASMUP_DETAIL_NATIVE("proxy_on_tick")
};

template <class Plugin, bool is_needed>
struct ExportRequestHeaders {};
template <class Plugin>
struct ExportRequestHeaders<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_request_headers")
  static uint32_t exported(uint32_t context, uint32_t, uint32_t end_of_stream) {
    return Plugin::template headers<RequestDirection>(context, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_request_headers")
};

template <class Plugin, bool is_needed>
struct ExportRequestBody {};
template <class Plugin>
struct ExportRequestBody<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_request_body")
  static uint32_t exported(uint32_t context, uint32_t size, uint32_t end_of_stream) {
    return Plugin::template body<RequestDirection>(context, size, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_request_body")
};

template <class Plugin, bool is_needed>
struct ExportRequestTrailers {};
template <class Plugin>
struct ExportRequestTrailers<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_request_trailers")
  static uint32_t exported(uint32_t context, uint32_t) {
    return Plugin::template trailers<RequestDirection>(context);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_request_trailers")
};

template <class Plugin, bool is_needed>
struct ExportResponseHeaders {};
template <class Plugin>
struct ExportResponseHeaders<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_response_headers")
  static uint32_t exported(uint32_t context, uint32_t, uint32_t end_of_stream) {
    return Plugin::template headers<ResponseDirection>(context, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_response_headers")
};

template <class Plugin, bool is_needed>
struct ExportResponseBody {};
template <class Plugin>
struct ExportResponseBody<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_response_body")
  static uint32_t exported(uint32_t context, uint32_t size, uint32_t end_of_stream) {
    return Plugin::template body<ResponseDirection>(context, size, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_response_body")
};

template <class Plugin, bool is_needed>
struct ExportResponseTrailers {};
template <class Plugin>
struct ExportResponseTrailers<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_response_trailers")
  static uint32_t exported(uint32_t context, uint32_t) {
    return Plugin::template trailers<ResponseDirection>(context);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_response_trailers")
};

template <class Plugin, bool is_needed>
struct ExportDone {};
template <class Plugin>
struct ExportDone<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_done")
  static uint32_t exported(uint32_t context) { return Plugin::context_done(context); }
  WASMUP_DETAIL_NATIVE("proxy_on_done")
};

template <class Plugin, bool is_needed>
struct ExportLog {};
template <class Plugin>
struct ExportLog<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_log")
  static void exported(uint32_t context) { Plugin::log(context); }
  WASMUP_DETAIL_NATIVE("proxy_on_log")
};

template <class Plugin, bool is_needed>
struct ExportQueueReady {};
template <class Plugin>
struct ExportQueueReady<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_queue_ready")
  static void exported(uint32_t root, uint32_t token) { Plugin::queue_ready(root, token); }
  WASMUP_DETAIL_NATIVE("proxy_on_queue_ready")
};

template <class Plugin, bool is_needed>
struct ExportForeignFunction {};
template <class Plugin>
struct ExportForeignFunction<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_foreign_function")
  static void exported(uint32_t context, uint32_t function, uint32_t size) {
    Plugin::foreign_function(context, function, size);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_foreign_function")
};

template <class Plugin, bool is_needed>
struct ExportNewConnection {};
template <class Plugin>
struct ExportNewConnection<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_new_connection")
  static uint32_t exported(uint32_t context) { return Plugin::new_connection(context); }
  WASMUP_DETAIL_NATIVE("proxy_on_new_connection")
};

template <class Plugin, bool is_needed>
struct ExportDownstreamData {};
template <class Plugin>
struct ExportDownstreamData<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_downstream_data")
  static uint32_t exported(uint32_t context, uint32_t size, uint32_t end_of_stream) {
    return Plugin::template data<DownstreamDirection>(context, size, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_downstream_data")
};

template <class Plugin, bool is_needed>
struct ExportUpstreamData {};
template <class Plugin>
struct ExportUpstreamData<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_upstream_data")
  static uint32_t exported(uint32_t context, uint32_t size, uint32_t end_of_stream) {
    return Plugin::template data<UpstreamDirection>(context, size, end_of_stream);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_upstream_data")
};

template <class Plugin, bool is_needed>
struct ExportDownstreamClose {};
template <class Plugin>
struct ExportDownstreamClose<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_downstream_connection_close")
  static void exported(uint32_t context, uint32_t peer) {
    Plugin::template connection_close<callback::on_downstream_close>(context, peer);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_downstream_connection_close")
};

template <class Plugin, bool is_needed>
struct ExportUpstreamClose {};
template <class Plugin>
struct ExportUpstreamClose<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_upstream_connection_close")
  static void exported(uint32_t context, uint32_t peer) {
    Plugin::template connection_close<callback::on_upstream_close>(context, peer);
  }
  WASMUP_DETAIL_NATIVE("proxy_on_upstream_connection_close")
};

/// Which of them a plugin needs, taken from its constants of the same names.
template <class Plugin, class Needs>
struct Exports : Integration<Plugin>,
                 ExportContextCreate<Plugin, Needs::context_create>,
                 TakeContextDelete<Plugin, Needs::delete_>,
                 ExportVmStart<Plugin, Needs::vm_start>,
                 ExportConfigure<Plugin, Needs::configure>,
                 ExportTick<Plugin, Needs::tick>,
                 ExportRequestHeaders<Plugin, Needs::request_headers>,
                 ExportRequestBody<Plugin, Needs::request_body>,
                 ExportRequestTrailers<Plugin, Needs::request_trailers>,
                 ExportResponseHeaders<Plugin, Needs::response_headers>,
                 ExportResponseBody<Plugin, Needs::response_body>,
                 ExportResponseTrailers<Plugin, Needs::response_trailers>,
                 ExportDone<Plugin, Needs::done>,
                 ExportLog<Plugin, Needs::log>,
                 ExportQueueReady<Plugin, Needs::queue_ready>,
                 ExportForeignFunction<Plugin, Needs::foreign_function>,
                 ExportNewConnection<Plugin, Needs::new_connection>,
                 ExportDownstreamData<Plugin, Needs::downstream_data>,
                 ExportUpstreamData<Plugin, Needs::upstream_data>,
                 ExportDownstreamClose<Plugin, Needs::downstream_close>,
                 ExportUpstreamClose<Plugin, Needs::upstream_close> {
#if !defined(__wasm__)
  /// All exports there are; places without a name are those there are not.
  static constexpr auto native_exports() {
    if constexpr (Needs::delete_) static_cast<void>(&KeepsContexts<Plugin>::value);
    return std::array{
        native_of<ExportContextCreate<Plugin, Needs::context_create>>(),
        native_of<ExportContextDelete<typename LateVoid<Plugin>::type>>(),
        native_of<ExportVmStart<Plugin, Needs::vm_start>>(),
        native_of<ExportConfigure<Plugin, Needs::configure>>(),
        native_of<ExportTick<Plugin, Needs::tick>>(),
        native_of<ExportRequestHeaders<Plugin, Needs::request_headers>>(),
        native_of<ExportRequestBody<Plugin, Needs::request_body>>(),
        native_of<ExportRequestTrailers<Plugin, Needs::request_trailers>>(),
        native_of<ExportResponseHeaders<Plugin, Needs::response_headers>>(),
        native_of<ExportResponseBody<Plugin, Needs::response_body>>(),
        native_of<ExportResponseTrailers<Plugin, Needs::response_trailers>>(),
        native_of<ExportDone<Plugin, Needs::done>>(),
        native_of<ExportLog<Plugin, Needs::log>>(),
        native_of<ExportQueueReady<Plugin, Needs::queue_ready>>(),
        native_of<ExportForeignFunction<Plugin, Needs::foreign_function>>(),
        native_of<ExportNewConnection<Plugin, Needs::new_connection>>(),
        native_of<ExportDownstreamData<Plugin, Needs::downstream_data>>(),
        native_of<ExportUpstreamData<Plugin, Needs::upstream_data>>(),
        native_of<ExportDownstreamClose<Plugin, Needs::downstream_close>>(),
        native_of<ExportUpstreamClose<Plugin, Needs::upstream_close>>(),
        native_of<ExportHttpCallResponse<void>>(),
        native_of<ExportGrpcInitialMetadata<void>>(),
        native_of<ExportGrpcReceive<void>>(),
        native_of<ExportGrpcTrailingMetadata<void>>(),
        native_of<ExportGrpcClose<void>>(),
    };
  }

 private:
  template <class Export>
  static constexpr NativeExport native_of() {
    if constexpr (requires { Export::native; }) {
      return Export::native;
    } else {
      return {};
    }
  }
#endif
};

}  // namespace wasmup::detail
