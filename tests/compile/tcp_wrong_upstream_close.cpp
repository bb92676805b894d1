// SPDX-License-Identifier: MIT
// expect: on_upstream_close must be public and look like: void on_upstream_close
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  bool on_upstream_close(wasmup::PeerType) { return true; }
#else
  void on_upstream_close(wasmup::PeerType) {}
#endif
};

WASMUP_REGISTER(Filter)
