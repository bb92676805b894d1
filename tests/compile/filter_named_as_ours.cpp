// SPDX-License-Identifier: MIT
// expect: on_log must be public and look like
#include <wasmup/wasmup.hpp>

/// A name that the SDK has too: in the user's own namespace it is the user's.
struct AccessLog : wasmup::HttpFilter<> {
#ifdef WRONG
  void on_log(int) {}
#else
  void on_log(wasmup::AccessLog) {}
#endif
};

WASMUP_REGISTER(AccessLog)
