// SPDX-License-Identifier: MIT
// expect: on_log must be public and look like: void on_log\(\), in a TcpFilter
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  void on_log(wasmup::AccessLog) {}
#else
  void on_log() {}
#endif
};

WASMUP_REGISTER(Filter)
