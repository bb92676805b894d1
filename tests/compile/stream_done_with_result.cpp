// SPDX-License-Identifier: MIT
// expect: on_done must be public and look like: void on_done\(\), in a filter
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  bool on_done() { return false; }
#else
  void on_done() {}
#endif
};

WASMUP_REGISTER(Filter)
