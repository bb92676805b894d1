// SPDX-License-Identifier: MIT
// expect: a.header.to.add.must.be.a.token
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::RequestHeaders headers) { return headers.add("host", "another"); }
#else
wasmup::Result<> change(wasmup::RequestHeaders headers) { return headers.set("host", "another"); }
#endif
