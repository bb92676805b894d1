// SPDX-License-Identifier: MIT
// expect: a filter derives from wasmup::HttpFilter
#include <wasmup/wasmup.hpp>

#ifdef WRONG
struct Filter {
#else
struct Filter : wasmup::HttpFilter<> {
#endif
  void on_response_headers(wasmup::ResponseHeaders) {}
};

WASMUP_REGISTER(Filter)
