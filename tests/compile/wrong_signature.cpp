// SPDX-License-Identifier: MIT
// expect: on_response_headers must be public and look like: HeadersAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_response_headers(wasmup::RequestHeaders) {}
#else
  void on_response_headers(wasmup::ResponseHeaders) {}
#endif
};

WASMUP_REGISTER(Filter)
