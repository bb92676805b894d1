// SPDX-License-Identifier: MIT
// expect: on_request_body must be public and look like: BodyAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  int on_request_body(wasmup::RequestBody) { return 1; }
#else
  wasmup::BodyAction on_request_body(wasmup::RequestBody, bool) { return wasmup::BodyAction::buffer; }
#endif
};

WASMUP_REGISTER(Filter)
