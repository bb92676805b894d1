// SPDX-License-Identifier: MIT
// expect: a filter is constructed without arguments
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  explicit Filter(int) {}
#endif
  void on_request_headers(wasmup::RequestHeaders) {}
};

WASMUP_REGISTER(Filter)
