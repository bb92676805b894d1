// SPDX-License-Identifier: MIT
#include <cstdlib>

#include <wasmup/detail/memory.hpp>

/// What the fake host defines in a filter's test; here nobody counts.
namespace wasmup::detail {

extern "C" void wasmup_testing_deallocate(void* memory) { std::free(memory); }

}  // namespace wasmup::detail
