// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// Three in one module, chosen by root id: a filter without data, one with a root context, a root context
/// alone.
struct Plain : wasmup::HttpFilter<> {
  static constexpr std::string_view root_id = "plain";
  void on_response_headers(wasmup::ResponseHeaders headers) { headers.set("x-by", "plain").ignore(); }
};

struct Name : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    text = configuration.view();
    return true;
  }
  std::string text;
};

struct Configured : wasmup::HttpFilter<Name> {
  static constexpr std::string_view root_id = "configured";
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    headers.set("x-by", root().text).ignore();
    return wasmup::HeadersAction::continue_iteration;
  }
};

struct Service : wasmup::RootContext {
  static constexpr std::string_view root_id = "service";
  bool on_configure(wasmup::Bytes) {
    return static_cast<bool>(wasmup::set_tick_period(std::chrono::seconds(1)));
  }
  void on_tick() { wasmup::log::warn("served"); }
};

WASMUP_REGISTER(Plain, Configured, Service)
