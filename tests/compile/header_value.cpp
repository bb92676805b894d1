// SPDX-License-Identifier: MIT
// expect: a_header_value_must_not_hold_CR_LF_or_NUL
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::ResponseHeaders headers) {
  return headers.set("x-a", "FOO\r\nx-injected: 1");
}
#else
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.set("x-a", "FOO x-injected: 1"); }
#endif
