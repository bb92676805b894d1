// SPDX-License-Identifier: MIT
// expect: a filter or root context has no greater alignment than operator new gives
#include <wasmup/wasmup.hpp>

#ifdef WRONG
struct alignas(64) Filter : wasmup::HttpFilter<> {
#else
struct Filter : wasmup::HttpFilter<> {
#endif
  void on_request_headers(wasmup::RequestHeaders) { ++count; }
  int count = 0;
};

WASMUP_REGISTER(Filter)
