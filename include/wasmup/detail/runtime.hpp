// SPDX-License-Identifier: MIT
#pragma once

#if defined(__wasm__)

#include <cstddef>
#include <cstdlib>
#include <new>

// The few functions that libc++ would otherwise bring with messages, printf and WASI imports behind them. Out
// of memory there is nothing to go on with: a trap, which Envoy answers by the failure policy.

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wreserved-identifier"
#pragma clang diagnostic ignored "-Winline-new-delete"

// Inline, so that they are in the module only when the filter uses them: they bring the heap. The library's
// own code calls operator new where a filter shows only operator delete, hence the reference from one to the
// other.
inline void* operator new(size_t size) {
  void* const memory = std::malloc(size != 0 ? size : 1);
  if (memory == nullptr) __builtin_trap();
  return memory;
}
inline void operator delete(void* memory) noexcept {
  [[gnu::used]] static void* (*const keep)(size_t) = &::operator new;
  std::free(memory);
}
inline void* operator new[](size_t size) { return ::operator new(size); }
inline void operator delete[](void* memory) noexcept { ::operator delete(memory); }
inline void operator delete(void* memory, size_t) noexcept { ::operator delete(memory); }
inline void operator delete[](void* memory, size_t) noexcept { ::operator delete(memory); }

extern "C" [[gnu::weak]] void abort() { __builtin_trap(); }

// What a failed check inside libc++ calls; it has become noexcept along the way.
_LIBCPP_BEGIN_NAMESPACE_STD
#if _LIBCPP_VERSION >= 200000
[[gnu::weak, noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept { __builtin_trap(); }
#else
[[gnu::weak, noreturn]] void __libcpp_verbose_abort(const char*, ...) { __builtin_trap(); }
#endif
_LIBCPP_END_NAMESPACE_STD

#pragma clang diagnostic pop

#endif
