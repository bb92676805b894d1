// SPDX-License-Identifier: MIT
// expect: only one of several filters may do without a root_id
#include <string_view>

#include <wasmup/wasmup.hpp>

struct One : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders) {}
};
struct Two : wasmup::HttpFilter<> {
#ifndef WRONG
  static constexpr std::string_view root_id = "two";
#endif
  void on_response_headers(wasmup::ResponseHeaders) {}
};

WASMUP_REGISTER(One, Two)
