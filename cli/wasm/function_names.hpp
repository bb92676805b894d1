// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "source_tokens.hpp"

namespace wasmup::wasm {

/// What sources do with the functions whose names look like callbacks' (`on_something`).
struct FunctionNames {
  struct Declaration {
    size_t file;
    Place place;
    bool is_qualified;  ///< `Filter::on_something`: there is another one, in the class
  };
  struct Name {
    std::vector<Declaration> declarations = {};  ///< not all, when there are many
    bool is_used = false;                        ///< called, its address taken, or otherwise its author's own
  };

  std::map<std::string, Name, std::less<>> names = {};
  std::vector<std::string> includes = {};  ///< by quotes, in the file that was read last
  bool is_too_much = false;                ///< more names than anybody writes: the rest was not looked at
};

/// Whether a function of this name is likely meant to be a callback.
bool looks_like_a_callback(std::string_view name);

/// Adds those of a file. A function is declared where its name stands in a class or a namespace, behind a
/// type and before parentheses; all else is a use. What cannot be told apart counts as a use, so that nobody
/// is blamed wrongly. Without `declares`, uses alone are looked for. `file` becomes that of the declarations.
void read_function_names(std::string_view text, size_t file, bool declares, FunctionNames&);

}  // namespace wasmup::wasm
