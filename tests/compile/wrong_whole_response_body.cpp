// SPDX-License-Identifier: MIT
// expect: on_whole_response_body must be public and look like: BodyAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  bool on_whole_response_body(wasmup::ResponseBody) { return true; }
#else
  void on_whole_response_body(wasmup::ResponseBody) {}
#endif
};

WASMUP_REGISTER(Filter)
