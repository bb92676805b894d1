// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/detail/callbacks.hpp>

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

/// An export as the fake host calls it in a native build. Every argument and result of the ABI's callbacks is
/// an i32.
struct NativeExport {
  const char* name = nullptr;
  uint32_t (*call)(const uint32_t* arguments) = nullptr;
};

template <class... Parameters>
constexpr size_t arity(void (*)(Parameters...)) {
  return sizeof...(Parameters);
}
template <class... Parameters>
constexpr size_t arity(uint32_t (*)(Parameters...)) {
  return sizeof...(Parameters);
}

template <auto function>
constexpr NativeExport native_export(const char* name) {
  return {name, [](const uint32_t* arguments) -> uint32_t {
            return [arguments]<size_t... index>(std::index_sequence<index...>) -> uint32_t {
              static_cast<void>(arguments);
              if constexpr (requires { uint32_t{function(arguments[index]...)}; }) {
                return function(arguments[index]...);
              } else {
                function(arguments[index]...);
                return 0;
              }
            }(std::make_index_sequence<arity(function)>());
          }};
}

#if defined(__wasm__)
#define WASMUP_DETAIL_NATIVE(name)
#else
#define WASMUP_DETAIL_NATIVE(name) static constexpr NativeExport native = native_export<&exported>(name);
#endif

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

template <class Plugin, bool is_needed>
struct ExportContextDelete {};
template <class Plugin>
struct ExportContextDelete<Plugin, true> {
  WASMUP_DETAIL_EXPORT("proxy_on_delete")
  static void exported(uint32_t context) { Plugin::context_delete(context); }
  WASMUP_DETAIL_NATIVE("proxy_on_delete")
};

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

#undef WASMUP_DETAIL_NATIVE

/// Which of them a plugin needs, taken from its constants of the same names.
template <class Plugin, class Needs>
struct Exports : Integration<Plugin>,
                 ExportContextCreate<Plugin, Needs::context_create>,
                 ExportContextDelete<Plugin, Needs::delete_>,
                 ExportVmStart<Plugin, Needs::vm_start>,
                 ExportConfigure<Plugin, Needs::configure>,
                 ExportTick<Plugin, Needs::tick>,
                 ExportRequestHeaders<Plugin, Needs::request_headers>,
                 ExportRequestBody<Plugin, Needs::request_body>,
                 ExportRequestTrailers<Plugin, Needs::request_trailers>,
                 ExportResponseHeaders<Plugin, Needs::response_headers>,
                 ExportResponseBody<Plugin, Needs::response_body>,
                 ExportResponseTrailers<Plugin, Needs::response_trailers> {
#if !defined(__wasm__)
  /// All exports there are; places without a name are those there are not.
  static constexpr auto native_exports() {
    return std::array{
        native_of<ExportContextCreate<Plugin, Needs::context_create>>(),
        native_of<ExportContextDelete<Plugin, Needs::delete_>>(),
        native_of<ExportVmStart<Plugin, Needs::vm_start>>(),
        native_of<ExportConfigure<Plugin, Needs::configure>>(),
        native_of<ExportTick<Plugin, Needs::tick>>(),
        native_of<ExportRequestHeaders<Plugin, Needs::request_headers>>(),
        native_of<ExportRequestBody<Plugin, Needs::request_body>>(),
        native_of<ExportRequestTrailers<Plugin, Needs::request_trailers>>(),
        native_of<ExportResponseHeaders<Plugin, Needs::response_headers>>(),
        native_of<ExportResponseBody<Plugin, Needs::response_body>>(),
        native_of<ExportResponseTrailers<Plugin, Needs::response_trailers>>(),
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
