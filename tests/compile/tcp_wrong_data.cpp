// SPDX-License-Identifier: MIT
// expect: on_downstream_data must be public and look like: DataAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  void on_downstream_data(wasmup::UpstreamData, bool) {}
#else
  void on_downstream_data(wasmup::DownstreamData, bool) {}
#endif
};

WASMUP_REGISTER(Filter)
