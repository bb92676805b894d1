// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  size_t offset;      ///< of its entry in the file
};

struct Export {
  std::string name;
  Kind kind;
  FunctionType type;  ///< of a function
  size_t offset;      ///< of its entry in the file
};

/// In pages of 64 KiB.
struct Memory {
  uint64_t initial;
  std::optional<uint64_t> maximum;
  bool is_shared;
  bool is_64;
};

struct Section {
  std::string name;  ///< as the specification calls it; of a custom section its own
  bool is_custom;
  size_t offset;
  size_t size;     ///< with its header: with the eight bytes in front, these make up the file
  size_t content;  ///< where it begins behind the header
};

/// One that the module defines.
struct Function {
  uint32_t index;    ///< imported functions have the first ones
  std::string name;  ///< by the name section, else as it is exported; may be empty
  FunctionType type;
  size_t offset;  ///< of its body in the file
  size_t size;
};

/// What a module shows to its host and is made of, in the order of its sections.
struct Module {
  std::vector<Import> imports;
  std::vector<Export> exports;
  std::vector<Memory> memories;  ///< imported ones first
  std::vector<Section> sections;
  std::vector<Function> functions;
  bool has_start;  ///< a start section, which runs before the host knows of the module
  /// Where the stack that clang and rustc lay in memory begins, to grow downwards, if code uses such a one.
  std::optional<uint64_t> stack_top;
  std::optional<uint64_t> data_start;  ///< the lowest address that data is put at
};

/// Why a module is not read.
struct Unreadable {
  std::string reason;
  size_t offset;             ///< where that showed
  bool is_too_much = false;  ///< it may be valid, but would take too much time or memory
};

/// Decodes and validates a whole module, code included, with every proposal allowed that libwabt knows, since
/// Envoy's V8 allows them too. Made for hostile input: no recursion over the module's nesting, and what it
/// will cost is added up before.
std::variant<Module, Unreadable> decode(std::string_view bytes);

}  // namespace wasmup::wasm
