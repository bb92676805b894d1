// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

/// Ends a fuzzer where its target does not do what it must: libFuzzer then keeps the input.
inline void expect(bool condition) {
  if (!condition) std::abort();
}
