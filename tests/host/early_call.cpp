// SPDX-License-Identifier: MIT
#include <wasmup/wasmup.hpp>

/// Calls the host while the module starts, where Envoy allows nothing but logging.
static const wasmup::Result<> early = wasmup::set_property("too.early", "");

struct EarlyCall : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.set("x-early", early ? "ok" : "failed").ignore();
  }
};

WASMUP_REGISTER(EarlyCall)
