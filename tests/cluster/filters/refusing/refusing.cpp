// SPDX-License-Identifier: MIT
// A filter that takes no configuration at all, so that Envoy refuses to run it.
#include <wasmup/wasmup.hpp>

struct Never : wasmup::RootContext {
  bool on_configure(wasmup::Bytes /*configuration*/) { return false; }
};

struct Refusing : wasmup::HttpFilter<Never> {
  void on_response_headers(wasmup::ResponseHeaders headers) { headers.set("x-wasm-custom", "FOO").ignore(); }
};

WASMUP_REGISTER(Refusing)
