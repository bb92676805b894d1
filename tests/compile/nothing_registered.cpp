// SPDX-License-Identifier: MIT
// expect: WASMUP_REGISTER needs a filter
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {}
};

#ifdef WRONG
WASMUP_REGISTER()
#else
WASMUP_REGISTER(Filter)
#endif
