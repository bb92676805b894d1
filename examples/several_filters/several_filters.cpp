// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// What both filters below know: their plugin configuration, as it is.
struct Configured : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    text = configuration.view();
    if (text.empty()) wasmup::log::error("the configuration is empty");
    return !text.empty();
  }
  std::string text;
};

/// Answers 403 to every path that begins with its configuration.
struct Deny : wasmup::HttpFilter<Configured> {
  static constexpr std::string_view root_id = "deny";

  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto path = headers.get(":path");
    if (!path || !path->view().starts_with(root().text)) return wasmup::HeadersAction::continue_iteration;
    wasmup::send_local_response({.status = 403, .body = "denied\n"})
        .ignore();  // the request stops all the same
    return wasmup::HeadersAction::hold_all;
  }
};

/// Sets `x-mark` on every response to its configuration.
struct Mark : wasmup::HttpFilter<Configured> {
  static constexpr std::string_view root_id = "mark";

  void on_response_headers(wasmup::ResponseHeaders headers) {
    if (!headers.set("x-mark", root().text)) wasmup::log::warn("'", root().text, "' cannot be in a header");
  }
};

/// A root context alone: it sees no traffic, only time.
struct Heartbeat : wasmup::RootContext {
  static constexpr std::string_view root_id = "heartbeat";

  bool on_configure(wasmup::Bytes) {
    return static_cast<bool>(wasmup::set_tick_period(std::chrono::seconds(1)));
  }
  void on_tick() { wasmup::log::info("heartbeat"); }
};

WASMUP_REGISTER(Deny, Mark, Heartbeat)
