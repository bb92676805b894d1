// SPDX-License-Identifier: MIT
// expect: wants_whole_request_body must be public and look like
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  bool wants_whole_request_body(wasmup::ResponseHeaders) { return true; }
#else
  bool wants_whole_request_body(wasmup::RequestHeaders) { return true; }
#endif
  void on_whole_request_body(wasmup::RequestBody) {}
};

WASMUP_REGISTER(Filter)
