// SPDX-License-Identifier: MIT
// expect: details.must.be.visible.ASCII
#include <wasmup/wasmup.hpp>

#ifdef WRONG
inline constexpr wasmup::Details details = "no\nkey";
#else
inline constexpr wasmup::Details details = "no key";
#endif
