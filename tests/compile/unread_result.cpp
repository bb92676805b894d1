// SPDX-License-Identifier: MIT
// expect: a hostcall can fail
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
#ifdef WRONG
    headers.set("x-a", "1");
#else
    headers.set("x-a", "1").ignore();
#endif
  }
};

WASMUP_REGISTER(Filter)
