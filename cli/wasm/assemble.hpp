// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::wasm {

/// WebAssembly text as a module, for tests. Throws std::invalid_argument with the place if it does not parse.
/// Nothing is validated: tests want bad modules too.
std::string assemble(std::string_view text);

/// The least that Envoy loads, with `more` fields in it before the others, and `last` behind them. It does
/// nothing.
inline std::string idle_module(std::string_view more = "", std::string_view last = "") {
  return assemble("(module " + std::string(more) + R"( (memory (export "memory") 1)
          (func (export "proxy_abi_version_0_2_1"))
          (func (export "malloc") (param i32) (result i32) (i32.const 4096)) )" +
                  std::string(last) + ")");
}

/// The least that is a filter, with `more` fields in it: if none of them is a callback, it has one.
inline std::string minimal_module(std::string_view more = "") {
  const bool has_callback = more.find("(func (export \"proxy_on_") != std::string_view::npos;
  return idle_module(more, has_callback ? "" : R"((func (export "proxy_on_delete") (param i32)))");
}

}  // namespace wasmup::wasm
