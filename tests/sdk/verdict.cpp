// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/wasmup.hpp>

using wasmup::BodyAction;
using wasmup::HeadersAction;
using wasmup::Status;

namespace {

Status step(std::string_view name) {
  if (name == "reply") return wasmup::send_local_response({.status = 403, .body = "no"}).status();
  if (name == "reset") return wasmup::reset_stream().status();
  if (name == "continue-request") return wasmup::continue_request().status();
  if (name == "continue-response") return wasmup::continue_response().status();
  return Status::unimplemented;
}

/// Does what the words say, one after the other, and logs which of them was refused.
void run(std::string_view where, std::string_view words) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(word.size() < words.size() ? word.size() + 1 : word.size());
    if (word == "hold") continue;
    wasmup::log::info(where, ": ", word, step(word) == Status::ok ? " ok" : " refused");
  }
}

}  // namespace

/// Does on a tick what was left for it.
struct Later : wasmup::RootContext {
  bool on_configure(wasmup::Bytes) {
    return static_cast<bool>(wasmup::set_tick_period(std::chrono::milliseconds(50)));
  }
  void on_tick() {
    for (const auto& [stream, words] : std::exchange(waiting, {})) {
      if (!stream.run([&words] { run("tick", words); })) wasmup::log::info("tick: gone");
    }
    run("root", "reply reset continue-request");
  }
  std::vector<std::pair<wasmup::StreamHandle, std::string>> waiting;
};

/// Answers, resets and lets go in each callback as its headers say: more often than Envoy survives.
struct Verdict : wasmup::HttpFilter<Later> {
  ~Verdict() { run("delete", at_delete_); }

  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto text = [&headers](const char* name) {
      return std::string(headers.get(std::string_view(name))->view());
    };
    at_request_body_ = text("x-request-body");
    at_response_headers_ = text("x-response-headers");
    at_response_body_ = text("x-response-body");
    at_end_ = text("x-end");
    at_delete_ = text("x-delete");
    const std::string on_tick = text("x-tick");
    if (!on_tick.empty()) root().waiting.emplace_back(*this, on_tick);
    const std::string words = text("x-request-headers");
    run("request headers", words);
    return words.find("hold") != std::string::npos ? HeadersAction::hold_all
                                                   : HeadersAction::continue_iteration;
  }
  BodyAction on_request_body(wasmup::RequestBody, bool end_of_stream) {
    if (!end_of_stream) return BodyAction::buffer;
    run("request body", at_request_body_);
    return at_request_body_.find("hold") != std::string::npos ? BodyAction::buffer
                                                              : BodyAction::continue_iteration;
  }
  HeadersAction on_response_headers(wasmup::ResponseHeaders) {
    run("response headers", at_response_headers_);
    return at_response_headers_.find("hold") != std::string::npos ? HeadersAction::hold_all
                                                                  : HeadersAction::continue_iteration;
  }
  BodyAction on_response_body(wasmup::ResponseBody, bool) {
    run("response body", at_response_body_);
    return BodyAction::continue_iteration;
  }
  void on_log(wasmup::AccessLog) { run("log", at_end_); }
  void on_done() { run("done", at_end_); }

 private:
  std::string at_request_body_, at_response_headers_, at_response_body_, at_end_, at_delete_;
};

WASMUP_REGISTER(Verdict)
