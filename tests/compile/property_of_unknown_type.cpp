// SPDX-License-Identifier: MIT
// expect: a property is Bytes, bool, int64_t
#include <wasmup/wasmup.hpp>

#ifdef WRONG
using Port = int;
#else
using Port = int64_t;
#endif

wasmup::Result<Port> port() { return wasmup::property<Port>({"source", "port"}); }
