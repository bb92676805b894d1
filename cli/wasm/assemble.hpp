// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::wasm {

/// WebAssembly text as a module, for tests. Throws std::invalid_argument with the place if it does not parse.
/// Nothing is validated: tests want bad modules too.
std::string assemble(std::string_view text);

/// The least that Envoy loads, with `more` fields in it.
inline std::string minimal_module(std::string_view more = "") {
  return assemble(R"((module )" + std::string(more) + R"( (memory (export "memory") 1)
          (func (export "proxy_abi_version_0_2_1"))
          (func (export "malloc") (param i32) (result i32) (i32.const 4096))))");
}

}  // namespace wasmup::wasm
