// SPDX-License-Identifier: MIT
// expect: a.header.value.must.not.hold.control.characters
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::ResponseHeaders headers) {
  return headers.set("x-a", "FOO\r\nx-injected: 1");
}
#else
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.set("x-a", "FOO x-injected: 1"); }
#endif
