// SPDX-License-Identifier: MIT
// expect: on_tick must be public and look like: void on_tick\(\)
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#ifdef WRONG
  bool on_tick() { return true; }
#else
  void on_tick() {}
#endif
};

WASMUP_REGISTER(Root)
