// SPDX-License-Identifier: MIT
// A filter gone wrong: the header twice.
#include <wasmup/wasmup.hpp>

struct Twice : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.add("x-wasm-custom", "FOO").ignore();
    headers.add("x-wasm-custom", "FOO").ignore();
  }
};

WASMUP_REGISTER(Twice)
