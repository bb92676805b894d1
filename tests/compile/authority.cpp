// SPDX-License-Identifier: MIT
// expect: an.authority.must.be.a.host
#include <wasmup/wasmup.hpp>

#ifdef WRONG
inline constexpr wasmup::Authority authority = "httproute/default/auth/rule/0";
#else
inline constexpr wasmup::Authority authority = "auth.default:8080";
#endif
