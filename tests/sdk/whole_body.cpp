// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/wasmup.hpp>

/// Turns whole bodies into capital letters, and notes in the log that each message came once.
struct WholeBody : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders headers) { headers.remove("content-length").ignore(); }
  void on_response_headers(wasmup::ResponseHeaders headers) { headers.remove("content-length").ignore(); }

  void on_whole_request_body(wasmup::RequestBody body) { rewrite("request", body); }
  wasmup::BodyAction on_whole_response_body(wasmup::ResponseBody body) {
    rewrite("response", body);
    return wasmup::BodyAction::continue_iteration;
  }

 private:
  template <class Body>
  void rewrite(std::string_view which, Body body) {
    wasmup::Result<wasmup::Bytes> bytes = body.read();
    wasmup::log::info(which, ": ", bytes->view());
    if (bytes->empty()) return;
    std::string capitals(bytes->view());
    for (char& c : capitals) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    body.replace(capitals).ignore();
  }
};

WASMUP_REGISTER(WholeBody)
