// SPDX-License-Identifier: MIT
// expect: on_log must be public and look like: void on_log\(wasmup::AccessLog\)
#include <wasmup/wasmup.hpp>

struct Logs : wasmup::HttpFilter<> {
#if defined(WRONG)
  void on_log(wasmup::RequestHeaders) {}
#else
  void on_log(wasmup::AccessLog) {}
#endif
};

WASMUP_REGISTER(Logs)
