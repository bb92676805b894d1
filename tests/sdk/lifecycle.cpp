// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

/// Says in the log what happens to its contexts. The plugin configuration is the root's name.
struct Life : wasmup::RootContext {
  Life() { wasmup::log::info("root made"); }
  ~Life() { wasmup::log::info("root ", name, " deleted"); }

  bool on_vm_start(wasmup::Bytes vm_configuration) {
    wasmup::log::info("VM of ", vm_configuration);
    return true;
  }
  bool on_configure(wasmup::Bytes configuration) {
    name = configuration.view();
    wasmup::log::info("root ", name, " configured");
    return name != "refuse";
  }
  bool on_done() {
    wasmup::log::info("root ", name, " done");
    if (name != "slow") return true;
    return !wasmup::set_tick_period(std::chrono::milliseconds(20));
  }
  void on_tick() {
    if (wasmup::done()) wasmup::log::info("root ", name, " done at last");
  }
  void on_log(wasmup::AccessLog log) {
    const wasmup::Result<wasmup::Bytes> path = log.request_headers.get(":path");
    wasmup::log::info("root logs ", *path);
  }

  std::string name;
};

struct Lifecycle : wasmup::HttpFilter<Life> {
  Lifecycle() { wasmup::log::info("stream of ", root().name, " made"); }
  ~Lifecycle() { wasmup::log::info("stream deleted"); }

  void on_request_headers(wasmup::RequestHeaders headers) {
    wasmup::log::info("request");
    if (headers.get("x-deny")) wasmup::send_local_response({.status = 403}).ignore();
  }
  void on_done() { wasmup::log::info("stream done"); }
  void on_log(wasmup::AccessLog log) {
    const wasmup::Result<wasmup::Bytes> path = log.request_headers.get(":path");
    const wasmup::Result<wasmup::Bytes> status = log.response_headers.get(":status");
    const wasmup::Result<wasmup::Bytes> trailer = log.response_trailers.get("x-end");
    wasmup::log::info("stream logs ", *path, " ", *status, " ", *trailer);
    if (wasmup::ResponseHeaders().set("x-late", "1")) wasmup::log::error("a log can be written to");
    const wasmup::Result<wasmup::Bytes> none = wasmup::RequestTrailers().get("x-any");
    wasmup::log::info("trailers: ", std::to_string(static_cast<int>(none.status())));
  }
};

WASMUP_REGISTER(Lifecycle)
