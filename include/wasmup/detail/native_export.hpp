// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace wasmup::detail {

/// An export as the fake host calls it in a native build. Every argument and result of the ABI's callbacks is
/// an i32.
struct NativeExport {
  const char* name = nullptr;
  uint32_t (*call)(const uint32_t* arguments) = nullptr;
  /// Whether the module has it, where that is known only when the program is linked; null: it has it.
  const bool* is_taken_in = nullptr;
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
constexpr NativeExport native_export(const char* name, const bool* is_taken_in = nullptr) {
  return {name,
          [](const uint32_t* arguments) -> uint32_t {
            return [arguments]<size_t... index>(std::index_sequence<index...>) -> uint32_t {
              static_cast<void>(arguments);
              if constexpr (requires { uint32_t{function(arguments[index]...)}; }) {
                return function(arguments[index]...);
              } else {
                function(arguments[index]...);
                return 0;
              }
            }(std::make_index_sequence<arity(function)>());
          },
          is_taken_in};
}

#if defined(__wasm__)
#define WASMUP_DETAIL_NATIVE(name)
#else
#define WASMUP_DETAIL_NATIVE(name) static constexpr NativeExport native = native_export<&exported>(name);
#endif

}  // namespace wasmup::detail
