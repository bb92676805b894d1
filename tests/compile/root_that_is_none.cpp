// SPDX-License-Identifier: MIT
// expect: a root context derives from wasmup::RootContext
#include <wasmup/wasmup.hpp>

#ifdef WRONG
struct Root {};
#else
struct Root : wasmup::RootContext {};
#endif

struct Filter : wasmup::HttpFilter<Root> {
  void on_request_headers(wasmup::RequestHeaders) {}
};

WASMUP_REGISTER(Filter)
