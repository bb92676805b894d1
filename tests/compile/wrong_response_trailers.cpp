// SPDX-License-Identifier: MIT
// expect: on_response_trailers must be public and look like: TrailersAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_response_trailers() {}
#else
  void on_response_trailers(wasmup::ResponseTrailers) {}
#endif
};

WASMUP_REGISTER(Filter)
