// SPDX-License-Identifier: MIT
// expect: on_foreign_function must be public and look like: void on_foreign_function\(uint32_t function, wasmup::Bytes
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#if defined(WRONG)
  void on_foreign_function(wasmup::Bytes) {}
#else
  void on_foreign_function(uint32_t, wasmup::Bytes) {}
#endif
};

WASMUP_REGISTER(Root)
