// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;

template <class Asking>
wasmup::Status ask(Asking& asking, std::string_view path) {
  return wasmup::http_call(
             asking, {.cluster = "auth", .method = "GET", .authority = "auth", .path = path, .timeout = 1s},
             &Asking::on_answer)
      .status();
}

struct Waiting : wasmup::RootContext {
  bool on_configure(wasmup::Bytes) { return static_cast<bool>(wasmup::set_tick_period(50ms)); }
  void on_tick() {
    for (const wasmup::StreamHandle& stream : streams)
      stream.run([] { wasmup::continue_request().ignore(); });
  }
  void on_answer(wasmup::HttpCallResponse) { wasmup::log::info("the root was told"); }

  std::vector<wasmup::StreamHandle> streams;
};

/// What filters may have in common.
struct Common : wasmup::HttpFilter<Waiting> {
  wasmup::Status ask_in_common() { return ask(*this, "/base"); }
  void wait_in_common() { root().streams.emplace_back(*this); }
  void on_answer(wasmup::HttpCallResponse) {
    wasmup::log::info("a base class was told of ", text);
    wasmup::continue_request().ignore();
  }
  std::string text = "common";
};

/// A part of a filter.
struct Part {
  void on_answer(wasmup::HttpCallResponse) {
    wasmup::log::info("a member was told of ", text);
    wasmup::continue_request().ignore();
  }
  std::string text = "part";
};

/// Asks as its header x-as says: the identity of a stream does not depend on who asks.
struct Asking : Common {
  Asking() {
    if (root().streams.size() == 7) root().streams.emplace_back(*this);  // known while it is constructed
  }

  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto as = headers.get("x-as");
    wasmup::Status status = wasmup::Status::ok;
    if (*as == "base") status = ask_in_common();
    if (*as == "member") status = ask(part_, "/member");
    if (*as == "elsewhere") status = ask(*apart_, "/elsewhere");
    if (*as == "local") {
      Part local;
      status = ask(local, "/local");
    }
    if (*as == "root") {
      status = ask(root(), "/root");
      return wasmup::HeadersAction::continue_iteration;
    }
    if (*as == "handle") wait_in_common();
    if (status != wasmup::Status::ok) {
      wasmup::log::info("refused");
      wasmup::send_local_response({.status = 503}).ignore();
    }
    return wasmup::HeadersAction::hold_all;
  }

 private:
  [[maybe_unused]] uint64_t more_[2] = {};
  Part part_;
  std::unique_ptr<Part> apart_ = std::make_unique<Part>();
};

WASMUP_REGISTER(Asking)
