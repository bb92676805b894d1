// SPDX-License-Identifier: MIT
#include <string_view>

#include <wasmup/wasmup.hpp>

/// Answers twice where it can, without any data of its own: in the headers' callback, and again in that of
/// the whole body.
struct StatelessVerdict : wasmup::HttpFilter<> {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    if (headers.get("x-key")) return wasmup::HeadersAction::continue_iteration;
    wasmup::send_local_response({.status = 401, .body = "no key\n"}).ignore();
    return wasmup::HeadersAction::hold_all;
  }
  void on_whole_request_body(wasmup::RequestBody) { wasmup::log::info("whole request body"); }

  wasmup::HeadersAction on_response_headers(wasmup::ResponseHeaders headers) {
    if (*headers.get(":status") != "500") return wasmup::HeadersAction::continue_iteration;
    wasmup::send_local_response({.status = 502, .body = "upstream failed\n"}).ignore();
    return wasmup::HeadersAction::hold_all;
  }
  wasmup::BodyAction on_whole_response_body(wasmup::ResponseBody body) {
    wasmup::log::info("whole response body");
    if (!body.empty()) return wasmup::BodyAction::continue_iteration;
    wasmup::send_local_response({.status = 502, .body = "empty\n"}).ignore();
    return wasmup::BodyAction::buffer;
  }

  void on_done() { wasmup::log::info("done"); }
};

WASMUP_REGISTER(StatelessVerdict)
