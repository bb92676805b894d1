// SPDX-License-Identifier: MIT
// expect: on_new_connection must be public and look like: ConnectionAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  wasmup::DataAction on_new_connection() { return wasmup::DataAction::hold; }
#else
  wasmup::ConnectionAction on_new_connection() { return wasmup::ConnectionAction::hold; }
#endif
};

WASMUP_REGISTER(Filter)
