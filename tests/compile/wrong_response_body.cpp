// SPDX-License-Identifier: MIT
// expect: on_response_body must be public and look like: BodyAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_response_body(wasmup::RequestBody) {}
#else
  void on_response_body(wasmup::ResponseBody) {}
#endif
};

WASMUP_REGISTER(Filter)
