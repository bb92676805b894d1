// SPDX-License-Identifier: MIT
#include <tuple>

#include <wasmup/wasmup.hpp>

/// Asks past the SDK whether the first stream can be made the effective one, in whatever stream comes later,
/// acts on it, and tells it in a header.
struct LateAnswer : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const bool is_there = wasmup::abi::proxy_set_effective_context(first_stream) == wasmup::Status::ok;
    if (is_there) std::ignore = wasmup::abi::proxy_continue_stream(wasmup::abi::StreamType::request);
    std::ignore = wasmup::abi::proxy_set_effective_context(0);
    headers.set("x-first", is_there ? "there" : "gone").ignore();
  }

  static constexpr uint32_t first_stream = 2;  // 1 is the root's
};

WASMUP_REGISTER(LateAnswer)
