// SPDX-License-Identifier: MIT
// expect: a_header_name_must_be_a_token
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.set("x wasm: custom", "FOO"); }
#else
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.set("x-wasm-custom", "FOO"); }
#endif
