// SPDX-License-Identifier: MIT
// expect: a filter declares no callback
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  void on_request_headers(wasmup::RequestHeaders) {}
#else
  void on_new_connection() {}
#endif
};

WASMUP_REGISTER(Filter)
