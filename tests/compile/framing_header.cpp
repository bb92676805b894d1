// SPDX-License-Identifier: MIT
// expect: (this header frames the message|a_header_to_set_must_not_frame_the_message)
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::RequestHeaders headers) { return headers.set("content-length", "3"); }
#else
wasmup::Result<> change(wasmup::RequestHeaders headers) { return headers.remove("content-length"); }
#endif
