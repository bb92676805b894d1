// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <wasmup/wasmup.hpp>

/// Holds requests and responses in every way there is, as header x-hold says, and lets them go on a tick.
struct Gate : wasmup::RootContext {
  bool on_configure(wasmup::Bytes) {
    return static_cast<bool>(wasmup::set_tick_period(std::chrono::milliseconds(50)));
  }

  void on_tick() {
    for (const auto& [stream, action] : std::exchange(waiting, {})) {
      if (!stream.run(action)) wasmup::log::info("too late");
    }
  }

  std::vector<std::pair<wasmup::StreamHandle, void (*)()>> waiting;
};

struct Flow : wasmup::HttpFilter<Gate> {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const wasmup::Result<wasmup::Bytes> hold = headers.get("x-hold");
    hold_ = hold->view();
    if (hold_ == "headers" || hold_ == "all") {
      on_next_tick([] {
        wasmup::RequestHeaders().set("x-released", "1").ignore();
        wasmup::continue_request().ignore();
        const auto late = wasmup::RequestHeaders().set("x-late", "1");
        if (!late) wasmup::log::info("gone on");
      });
      return hold_ == "all" ? wasmup::HeadersAction::hold_all : wasmup::HeadersAction::hold_headers;
    }
    if (hold_ == "reset") wasmup::reset_stream().ignore();
    if (hold_ == "answer late") {
      on_next_tick([] { wasmup::send_local_response({.status = 202, .body = "late"}).ignore(); });
      return wasmup::HeadersAction::hold_all;
    }
    return wasmup::HeadersAction::continue_iteration;
  }

  wasmup::BodyAction on_request_body(wasmup::RequestBody body, bool end_of_stream) {
    wasmup::log::info("request body of ", std::to_string(body.size()), end_of_stream ? ", the end" : "");
    if (hold_ == "trailer" && end_of_stream) {
      wasmup::RequestTrailers().add("x-added", "request").ignore();
    }
    if (hold_ == "body" && end_of_stream) {
      on_next_tick([] { wasmup::continue_request().ignore(); });
      return wasmup::BodyAction::buffer;
    }
    // With the headers held, "continue" would let both go.
    const bool headers_are_held = static_cast<bool>(wasmup::RequestHeaders().get(":path"));
    return headers_are_held ? wasmup::BodyAction::buffer : wasmup::BodyAction::continue_iteration;
  }

  wasmup::TrailersAction on_request_trailers(wasmup::RequestTrailers trailers) {
    if (hold_ != "trailers") return wasmup::TrailersAction::continue_iteration;
    trailers.set("x-seen", "1").ignore();
    on_next_tick([] { wasmup::continue_request().ignore(); });
    return wasmup::TrailersAction::hold;
  }

  wasmup::HeadersAction on_response_headers(wasmup::ResponseHeaders headers) {
    // Trailers come behind the last byte that was promised: where clients no longer look.
    if (hold_ == "trailer") headers.remove("content-length").ignore();
    if (hold_ == "response reset") wasmup::reset_stream().ignore();
    if (hold_ != "response") return wasmup::HeadersAction::continue_iteration;
    on_next_tick([] {
      wasmup::ResponseHeaders().set("x-released", "1").ignore();
      wasmup::continue_response().ignore();
    });
    return wasmup::HeadersAction::hold_all;
  }

  void on_response_body(wasmup::ResponseBody, bool end_of_stream) {
    if (hold_ == "trailer" && end_of_stream) {
      wasmup::ResponseTrailers().add("x-added", "response").ignore();
    }
  }

 private:
  void on_next_tick(void (*action)()) { root().waiting.emplace_back(wasmup::StreamHandle(*this), action); }

  std::string hold_;
};

WASMUP_REGISTER(Flow)
