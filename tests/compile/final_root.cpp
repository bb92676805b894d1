// SPDX-License-Identifier: MIT
// expect: a root context must not be final: its callbacks could not be found
#include <wasmup/wasmup.hpp>

#ifdef WRONG
#define FINAL final
#else
#define FINAL
#endif

struct Root FINAL : wasmup::RootContext {
  void on_tick() {}
};

WASMUP_REGISTER(Root)
