// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;

/// Asks about each request, and says so when an answer is handled on another stream's object. A request for
/// /spin keeps the worker busy, so that a client's leaving and an answer come in one pass of its event loop.
struct Counting : wasmup::RootContext {
  uint32_t made = 0;
};

struct ForeignAnswer : wasmup::HttpFilter<Counting> {
  ~ForeignAnswer() { marker_ = "gone"; }

  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    ++root().made;
    const auto path = headers.get(":path");
    const auto marker = headers.get("x-marker");
    marker_ = marker->view();
    if (*path == "/spin") {
      const auto start = wasmup::monotonic_now();
      while (wasmup::monotonic_now() - start < 30ms) {
      }
      return wasmup::HeadersAction::continue_iteration;
    }
    const auto sent = wasmup::http_call(
        *this,
        {.cluster = "auth",
         .method = "GET",
         .authority = "auth",
         .path = "/check",
         .timeout = 5s,
         .headers = {{"x-marker", marker_}}},
        [asked_for = marker_](ForeignAnswer& self, wasmup::HttpCallResponse) { self.on_answer(asked_for); });
    if (sent) return wasmup::HeadersAction::hold_all;
    wasmup::send_local_response({.status = 503}).ignore();
    return wasmup::HeadersAction::hold_all;
  }

  void on_response_headers(wasmup::ResponseHeaders headers) { headers.set("x-marker", marker_).ignore(); }

 private:
  void on_answer(std::string_view asked_for) {
    if (asked_for != marker_) wasmup::log::error("FOREIGN: asked for ", asked_for, ", handled on ", marker_);
    wasmup::continue_request().ignore();
  }

  std::string marker_;
};

WASMUP_REGISTER(ForeignAnswer)
