// SPDX-License-Identifier: MIT
// expect: on_request_headers must be public and look like: HeadersAction
#include <wasmup/wasmup.hpp>

class Filter : public wasmup::HttpFilter<> {
#ifndef WRONG
 public:
#endif
  void on_request_headers(wasmup::RequestHeaders) {}
};

WASMUP_REGISTER(Filter)
