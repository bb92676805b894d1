// SPDX-License-Identifier: MIT
#include <vector>

#include <wasmup/wasmup.hpp>

struct Waiting : wasmup::RootContext {
  void on_tick() {}
  std::vector<wasmup::StreamHandle> streams;
};

/// What filters may have in common. Where a filter has more data than this, its context's id is not behind
/// this.
struct Common : wasmup::HttpFilter<Waiting> {
  void wait() { root().streams.emplace_back(*this); }
};

struct Misplaced : Common {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    if (headers.get("x-right")) {
      root().streams.emplace_back(*this);
    } else {
      wait();
    }
    return wasmup::HeadersAction::hold_all;
  }
  uint64_t more[2] = {};
};

WASMUP_REGISTER(Misplaced)
