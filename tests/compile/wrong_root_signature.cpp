// SPDX-License-Identifier: MIT
// expect: on_configure must be public and look like: bool on_configure
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#ifdef WRONG
  void on_configure(wasmup::Bytes) {}
#else
  bool on_configure(wasmup::Bytes) { return true; }
#endif
};
struct Filter : wasmup::HttpFilter<Root> {};

WASMUP_REGISTER(Filter)
