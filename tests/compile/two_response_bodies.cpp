// SPDX-License-Identifier: MIT
// expect: on_response_body and on_whole_response_body exclude each other
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_response_body(wasmup::ResponseBody) {}
  void on_whole_response_body(wasmup::ResponseBody) {}
#else
  void on_response_body(wasmup::ResponseBody) {}
#endif
};

WASMUP_REGISTER(Filter)
