// SPDX-License-Identifier: MIT
// expect: on_downstream_close must be public and look like: void on_downstream_close
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  void on_downstream_close() {}
#else
  void on_downstream_close(wasmup::PeerType) {}
#endif
};

WASMUP_REGISTER(Filter)
