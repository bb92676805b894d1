// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "decoder.hpp"

namespace wasmup::wasm {

/// A function of a module that Envoy calls on an occasion: none of those that start or allocate.
struct Callback {
  std::string_view name;
  std::string_view entered;  ///< when
  /// How often for an HTTP request without a body whose response has one, in one piece. Each callback that is
  /// exported is an entry into the VM, whatever it does there.
  unsigned entries_an_exchange;
};

/// All that there are.
std::span<const Callback> callbacks();

/// Those that the module exports, in its order.
std::vector<Callback> callbacks_of(const Module&);

}  // namespace wasmup::wasm
