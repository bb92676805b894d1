// SPDX-License-Identifier: MIT
// The filter of this folder with this project's SDK.
#include <chrono>
#include <string>

#include <wasmup/wasmup.hpp>

using namespace wasmup;

struct Root : RootContext {
  bool on_configure(Bytes bytes) {
    configuration = bytes.view();
    log::info("configured: ", configuration);
    // Where the others print to the standard output, which Envoy writes to the same log.
    const Result<Bytes> greeting = environment_variable("GREETING");
    log::info("greeting: ", greeting ? greeting->view() : "");
    return static_cast<bool>(set_tick_period(std::chrono::seconds(1)));
  }

  void on_tick() { log::info("tick: ", configuration); }

  std::string configuration;
};

struct Stream : HttpFilter<Root> {
  void on_request_headers(RequestHeaders headers) {
    if (const auto given = headers.get("x-name")) name = given->view();
  }

  void on_response_headers(ResponseHeaders headers) {
    headers.set("x-wasm-custom", "FOO").ignore();
    headers.set("x-name", name).ignore();
    headers.set("x-configuration", root().configuration).ignore();
    log::info("answered: ", name);
  }

  std::string name;
};

WASMUP_REGISTER(Stream)
