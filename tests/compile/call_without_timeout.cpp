// SPDX-License-Identifier: MIT
// expect: (HttpCall|Timeout)
#include <chrono>

#include <wasmup/wasmup.hpp>

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    wasmup::http_call(*this,
                      {.cluster = "auth",
                       .method = "GET",
                       .authority = "auth",
                       .path = "/",
#if !defined(WRONG)
                       .timeout = std::chrono::seconds(1),
#endif
                       .headers = {}},
                      [](Asks&, wasmup::HttpCallResponse) {})
        .ignore();
  }
};

WASMUP_REGISTER(Asks)
