// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "../terminal/terminal.hpp"
#include "../wasm/module_check.hpp"
#include "../wasm/root_ids.hpp"

namespace wasmup::commands {

/// A module's file, and what was found out about it.
struct Inspected {
  std::string name;
  size_t bytes;
  wasm::Examination examination;
  wasm::RootIds root_ids;
};

/// For people, with the `most_functions` largest functions; without the refusals, which are an error.
void print_inspection(terminal::Terminal&, const Inspected&, size_t most_functions);

/// All of it, for scripts.
std::string to_json(const Inspected&, size_t most_functions);

}  // namespace wasmup::commands
