// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decoder.hpp"

namespace wasmup::wasm {

/// Which root ids a module serves, as far as its data says.
struct RootIds {
  /// Of a module of ours, whose filters have root ids: wasmup/plugin.hpp lists them.
  std::vector<std::string> names = {};
  bool serves_others = true;  ///< than these
  bool is_asked_for = false;  ///< the property plugin_root_id: the module may choose by it
};

RootIds root_ids_of(const Module& module, std::string_view bytes);

}  // namespace wasmup::wasm
