// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

/// Not in the module's data, but made when the module starts: it needs memory.
static const std::string made_at_start(40, 'g');

/// Keeps its configuration in the root context, and what it saw of the request in the stream.
struct Settings : wasmup::RootContext {
  bool on_vm_start(wasmup::Bytes vm_configuration) { return vm_configuration != "refuse"; }

  bool on_configure(wasmup::Bytes plugin_configuration) {
    if (plugin_configuration == "refuse") {
      wasmup::log::error("refused: ", plugin_configuration.view());
      return false;
    }
    text = plugin_configuration.view();
    return static_cast<bool>(wasmup::set_tick_period(std::chrono::milliseconds(100)));
  }

  void on_tick() { wasmup::log::info("tick of ", text); }

  std::string text;
};

struct StreamState : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    if (const auto path = headers.get(":path")) path_ = path->view();
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.set("x-path", path_).ignore();
    headers.set("x-configuration", root().text).ignore();
    headers.set("x-at-start", at_start_).ignore();
    headers.set("x-global", made_at_start).ignore();
    // The request is gone by now, as far as the host goes.
    if (const auto path = wasmup::RequestHeaders().get(":path");
        path.status() == wasmup::Status::bad_argument) {
      headers.set("x-request", "gone").ignore();
    }
  }

 private:
  std::string path_;
  std::string at_start_ = root().text;
};

WASMUP_REGISTER(StreamState)
