// SPDX-License-Identifier: MIT
// expect: on_vm_start must be public and look like: bool on_vm_start\(wasmup::Bytes
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#ifdef WRONG
  void on_vm_start(wasmup::Bytes) {}
#else
  bool on_vm_start(wasmup::Bytes) { return true; }
#endif
};

WASMUP_REGISTER(Root)
