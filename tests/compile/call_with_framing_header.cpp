// SPDX-License-Identifier: MIT
// expect: a.header.to.add.must.be.a.token
#include <wasmup/wasmup.hpp>

#ifdef WRONG
inline constexpr wasmup::Header header{"transfer-encoding", "chunked"};
#else
inline constexpr wasmup::Header header{"x-transfer-encoding", "chunked"};
#endif
