// SPDX-License-Identifier: MIT
// Another version of the default filter: another value.
#include <wasmup/wasmup.hpp>

struct Bar : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) { headers.set("x-wasm-custom", "BAR").ignore(); }
};

WASMUP_REGISTER(Bar)
