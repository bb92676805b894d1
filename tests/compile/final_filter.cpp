// SPDX-License-Identifier: MIT
// expect: a filter must not be final: its callbacks could not be found
#include <wasmup/wasmup.hpp>

#ifdef WRONG
#define FINAL final
#else
#define FINAL
#endif

struct Filter FINAL : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {}
};

WASMUP_REGISTER(Filter)
