// SPDX-License-Identifier: MIT
// expect: a filter declares no callback
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_response_header(wasmup::ResponseHeaders) {}
#else
  void on_response_headers(wasmup::ResponseHeaders) {}
#endif
};

WASMUP_REGISTER(Filter)
