// SPDX-License-Identifier: MIT
// expect: a.path.must.not.be.empty.*(nor hold spaces|nor_hold_spaces)
#include <chrono>

#include <wasmup/wasmup.hpp>

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    wasmup::http_call(*this,
                      {.cluster = "auth",
                       .method = "GET",
                       .authority = "auth",
#if defined(WRONG)
                       .path = "/\r\nx-injected: 1",
#else
                       .path = "/",
#endif
                       .timeout = std::chrono::seconds(1)},
                      [](Asks&, wasmup::HttpCallResponse) {})
        .ignore();
  }
};

WASMUP_REGISTER(Asks)
