// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The one door to libwabt's decoder, whose headers want C++17: so does this one.
namespace wasmup::wasm {

enum class Kind { function, table, memory, global, tag };

/// A function's type, one letter a value as in wasmup/signatures.hpp: i = i32, I = i64, f = f32, F = f64,
/// v = v128, r = a reference.
struct FunctionType {
  std::string parameters;
  std::string results;
};

struct Import {
  std::string module;
  std::string name;
  Kind kind;
  FunctionType type;  ///< of a function
};

struct Export {
  std::string name;
  Kind kind;
  FunctionType type;  ///< of a function
};

/// What a module shows to its host, in the order of its sections.
struct Module {
  std::vector<Import> imports;
  std::vector<Export> exports;
  std::vector<uint64_t> memories;  ///< pages (64 KiB) each one starts with, imported ones first
};

struct Malformed {
  std::string reason;
  size_t offset;
};

/// Decodes and validates a whole module, code included, with every proposal allowed that libwabt knows, since
/// Envoy's V8 allows them too. Made for hostile input: no recursion over the module's nesting.
std::variant<Module, Malformed> decode(std::string_view bytes);

}  // namespace wasmup::wasm
