// SPDX-License-Identifier: MIT
// expect: WASMUP_REGISTER_stands_once_in_a_module
#include <wasmup/wasmup.hpp>

struct First : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {}
};
struct Second : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders) {}
};

WASMUP_REGISTER(First)
#ifdef WRONG
WASMUP_REGISTER(Second)
#endif
