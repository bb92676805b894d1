// SPDX-License-Identifier: MIT
// expect: a.method.must.be.a.token
#include <wasmup/wasmup.hpp>

#ifdef WRONG
inline constexpr wasmup::Method method = "GET /";
#else
inline constexpr wasmup::Method method = "GET";
#endif
