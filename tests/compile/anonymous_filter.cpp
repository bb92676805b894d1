// SPDX-License-Identifier: MIT
// expect: a filter in an anonymous namespace cannot be exported
#include <wasmup/wasmup.hpp>

#ifdef WRONG
namespace {
#else
namespace mine {
#endif

struct Filter : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {}
};

}  // namespace

#ifdef WRONG
WASMUP_REGISTER(Filter)
#else
WASMUP_REGISTER(mine::Filter)
#endif
