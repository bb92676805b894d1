// SPDX-License-Identifier: MIT
// expect: a root context is constructed without arguments
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#ifdef WRONG
  explicit Root(int) {}
#endif
  void on_tick() {}
};

WASMUP_REGISTER(Root)
