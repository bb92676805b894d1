// SPDX-License-Identifier: MIT
// expect: on_request_body and on_whole_request_body exclude each other
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
  void on_whole_request_body(wasmup::RequestBody) {}
#ifdef WRONG
  void on_request_body(wasmup::RequestBody) {}
#endif
};

WASMUP_REGISTER(Filter)
