// SPDX-License-Identifier: MIT
// expect: on_upstream_data must be public and look like: DataAction
#include <wasmup/wasmup.hpp>

struct Filter : wasmup::TcpFilter<> {
#ifdef WRONG
  wasmup::BodyAction on_upstream_data(wasmup::UpstreamData) { return wasmup::BodyAction::buffer; }
#else
  wasmup::DataAction on_upstream_data(wasmup::UpstreamData) { return wasmup::DataAction::hold; }
#endif
};

WASMUP_REGISTER(Filter)
