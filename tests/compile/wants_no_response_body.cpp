// SPDX-License-Identifier: MIT
// expect: wants_whole_response_body must be public and look like
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
  bool wants_whole_response_body(wasmup::ResponseHeaders) { return true; }
#ifdef WRONG
  void on_response_body(wasmup::ResponseBody) {}
#else
  void on_whole_response_body(wasmup::ResponseBody) {}
#endif
};

WASMUP_REGISTER(Filter)
