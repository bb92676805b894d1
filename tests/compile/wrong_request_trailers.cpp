// SPDX-License-Identifier: MIT
// expect: on_request_trailers must be public and look like: TrailersAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_request_trailers(wasmup::RequestTrailers, bool) {}
#else
  void on_request_trailers(wasmup::RequestTrailers) {}
#endif
};

WASMUP_REGISTER(Filter)
