// SPDX-License-Identifier: MIT
#include <wasmup/wasmup.hpp>

/// Sets `x-wasm-custom: FOO` on every response: exactly one such header, whatever the upstream sent.
struct AddHeader : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.set("x-wasm-custom", "FOO").ignore();  // a response always has headers to set it on
  }
};

WASMUP_REGISTER(AddHeader)
