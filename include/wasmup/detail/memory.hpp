// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>

namespace wasmup::detail {

#if defined(__wasm__)

inline void* allocate(size_t size) { return std::malloc(size); }
inline void deallocate(void* memory) { std::free(memory); }

#else

// Native builds run in the fake host, which counts what a module was given and has not freed.
extern "C" void wasmup_testing_deallocate(void* memory);

inline void* allocate(size_t size) { return std::malloc(size); }
inline void deallocate(void* memory) { wasmup_testing_deallocate(memory); }

#endif

}  // namespace wasmup::detail
