// SPDX-License-Identifier: MIT
// expect: a_header_name_must_be_a_token_and_no_pseudo_header
#include <wasmup/wasmup.hpp>

#ifdef WRONG
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.remove(":status"); }
#else
wasmup::Result<> change(wasmup::ResponseHeaders headers) { return headers.remove("server"); }
#endif
