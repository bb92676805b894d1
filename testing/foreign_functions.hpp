// SPDX-License-Identifier: MIT
#pragma once

#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// The foreign functions that every Envoy has, as far as a host without an Envoy can play them.
void offer_foreign_functions(Host::Implementation& host);

}  // namespace wasmup::testing
