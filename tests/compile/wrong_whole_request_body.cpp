// SPDX-License-Identifier: MIT
// expect: on_whole_request_body must be public and look like: BodyAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_whole_request_body(wasmup::RequestBody, bool) {}
#else
  void on_whole_request_body(wasmup::RequestBody) {}
#endif
};

WASMUP_REGISTER(Filter)
