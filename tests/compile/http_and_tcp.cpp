// SPDX-License-Identifier: MIT
// expect: a filter is for HTTP or for TCP: make it two
#include <wasmup/wasmup.hpp>

#ifdef WRONG
struct Filter : wasmup::HttpFilter<>, wasmup::TcpFilter<> {
#else
struct Filter : wasmup::HttpFilter<> {
#endif
  void on_response_headers(wasmup::ResponseHeaders) {}
};

WASMUP_REGISTER(Filter)
