// SPDX-License-Identifier: MIT
// expect: must be public and look like: bool on_done\(\), in a root context
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#if defined(WRONG)
  void on_done() {}
#else
  bool on_done() { return true; }
#endif
};

struct Filter : wasmup::HttpFilter<Root> {
  void on_request_headers(wasmup::RequestHeaders) {}
};

WASMUP_REGISTER(Filter)
