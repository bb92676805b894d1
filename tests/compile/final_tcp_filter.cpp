// SPDX-License-Identifier: MIT
// expect: a filter must not be final: its callbacks could not be found
#include <wasmup/wasmup.hpp>

#ifdef WRONG
#define FINAL final
#else
#define FINAL
#endif

struct Filter FINAL : wasmup::TcpFilter<> {
  void on_new_connection() {}
};

WASMUP_REGISTER(Filter)
