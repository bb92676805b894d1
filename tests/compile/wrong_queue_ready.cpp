// SPDX-License-Identifier: MIT
// expect: on_queue_ready must be public and look like: void on_queue_ready\(wasmup::SharedQueue\)
#include <wasmup/wasmup.hpp>

struct Root : wasmup::RootContext {
#if defined(WRONG)
  void on_queue_ready(unsigned token);
#else
  void on_queue_ready(wasmup::SharedQueue) {}
#endif
};

WASMUP_REGISTER(Root)
