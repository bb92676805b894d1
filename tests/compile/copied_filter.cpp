// SPDX-License-Identifier: MIT
// expect: (deleted|delete)
#include <wasmup/wasmup.hpp>

/// A copy would not be the stream's filter: nothing could be asked or resumed for it.
struct Filter : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
#if defined(WRONG)
    const Filter copy = *this;
#else
    const Filter& copy = *this;
#endif
    static_cast<void>(copy);
  }
};

WASMUP_REGISTER(Filter)
