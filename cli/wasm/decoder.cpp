// SPDX-License-Identifier: MIT
#include "decoder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>
#include <wabt/binary-reader-nop.h>
#include <wabt/binary-reader.h>
#include <wabt/error.h>
#include <wabt/feature.h>
#include <wabt/interp/binary-reader-interp.h>
#include <wabt/interp/interp.h>

#include "cost.hpp"

namespace wasmup::wasm {
namespace {

using wabt::Index;
using wabt::Offset;
using wabt::Opcode;
using wabt::Result;

constexpr size_t header_size = 8;

char letter(wabt::Type type) {
  switch (type) {
    case wabt::Type::I32:
      return 'i';
    case wabt::Type::I64:
      return 'I';
    case wabt::Type::F32:
      return 'f';
    case wabt::Type::F64:
      return 'F';
    case wabt::Type::V128:
      return 'v';
    default:
      return 'r';
  }
}

std::string letters(const wabt::Type* types, Index count) {
  std::string text;
  for (Index i = 0; i < count; ++i) text += letter(types[i]);
  return text;
}

Memory memory_of(const wabt::Limits& limits) {
  return {limits.initial, limits.has_max ? std::optional(limits.max) : std::nullopt, limits.is_shared,
          limits.is_64};
}

/// Code by which clang and rustc take room on their stack, global 0 being its pointer.
constexpr std::array prologue{Opcode::GlobalGet, Opcode::I32Const, Opcode::I32Sub, Opcode::LocalTee,
                              Opcode::GlobalSet};

/// Notes what a valid module has.
class Reader : public wabt::BinaryReaderNop {
 public:
  Module take() {
    for (Function& function : module_.functions) {
      const auto named = names_.find(function.index);
      if (named != names_.end()) function.name = named->second;
    }
    if (uses_stack_) module_.stack_top = stack_pointer_;
    return std::move(module_);
  }

  /// What is wrong with a custom section, and of no weight.
  bool OnError(const wabt::Error&) override { return true; }

  Result BeginSection(Index, wabt::BinarySection type, Offset size) override {
    const size_t header = state->offset - next_section_;
    std::string name = wabt::GetSectionName(type);
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    module_.sections.push_back(
        {std::move(name), type == wabt::BinarySection::Custom, next_section_, header + size, state->offset});
    next_section_ += header + size;
    return Result::Ok;
  }
  Result BeginCustomSection(Index, Offset, std::string_view name) override {
    module_.sections.back().name = name;
    return Result::Ok;
  }

  Result OnFuncType(Index, Index parameters, wabt::Type* parameter_types, Index results,
                    wabt::Type* result_types) override {
    types_.push_back({letters(parameter_types, parameters), letters(result_types, results)});
    return Result::Ok;
  }
  // So that an index means what it says.
  Result OnStructType(Index, Index, wabt::TypeMut*) override { return add_other_type(); }
  Result OnArrayType(Index, wabt::TypeMut) override { return add_other_type(); }

  Result OnImportCount(Index) override { return entry_ends(); }
  Result OnImportFunc(Index, std::string_view module, std::string_view name, Index, Index type) override {
    functions_.push_back(type);
    return add_import(module, name, Kind::function, types_.at(type));
  }
  Result OnImportTable(Index, std::string_view module, std::string_view name, Index, wabt::Type,
                       const wabt::Limits*) override {
    return add_import(module, name, Kind::table);
  }
  Result OnImportMemory(Index, std::string_view module, std::string_view name, Index,
                        const wabt::Limits* limits) override {
    module_.memories.push_back(memory_of(*limits));
    return add_import(module, name, Kind::memory);
  }
  Result OnImportGlobal(Index, std::string_view module, std::string_view name, Index, wabt::Type,
                        bool) override {
    return add_import(module, name, Kind::global);
  }
  Result OnImportTag(Index, std::string_view module, std::string_view name, Index, Index) override {
    return add_import(module, name, Kind::tag);
  }

  Result OnFunction(Index, Index type) override {
    functions_.push_back(type);
    return Result::Ok;
  }
  Result OnMemory(Index, const wabt::Limits* limits) override {
    module_.memories.push_back(memory_of(*limits));
    return Result::Ok;
  }
  Result OnStartFunction(Index) override {
    module_.has_start = true;
    return Result::Ok;
  }

  Result OnExportCount(Index) override { return entry_ends(); }
  Result OnExport(Index, wabt::ExternalKind kind, Index index, std::string_view name) override {
    Export exported{std::string(name), kind_of(kind), {}, entry_};
    if (exported.kind == Kind::function) {
      exported.type = types_.at(functions_.at(index));
      names_.emplace(index, name);
    }
    module_.exports.push_back(std::move(exported));
    return entry_ends();
  }

  Result BeginGlobal(Index index, wabt::Type type, bool is_mutable) override {
    constant_.reset();
    is_stack_pointer_ = index == 0 && type == wabt::Type::I32 && is_mutable;
    return Result::Ok;
  }
  Result EndGlobalInitExpr(Index) override {
    if (is_stack_pointer_) stack_pointer_ = constant_;
    return Result::Ok;
  }
  Result BeginDataSegmentInitExpr(Index) override {
    constant_.reset();
    return Result::Ok;
  }
  Result EndDataSegmentInitExpr(Index) override {
    if (constant_) module_.data_start = std::min(module_.data_start.value_or(*constant_), *constant_);
    return Result::Ok;
  }
  Result OnI32ConstExpr(uint32_t value) override {
    constant_ = value;
    return Result::Ok;
  }

  Result BeginFunctionBody(Index index, Offset size) override {
    step_ = 0;
    module_.functions.push_back({index, {}, types_.at(functions_.at(index)), state->offset, size});
    return Result::Ok;
  }
  Result OnOpcode(Opcode opcode) override {
    if (opcode != prologue.at(step_)) step_ = 0;
    if (opcode == prologue.at(step_)) ++step_;
    return Result::Ok;
  }
  Result OnGlobalGetExpr(Index index) override {
    if (index != 0) step_ = 0;
    return Result::Ok;
  }
  Result OnGlobalSetExpr(Index index) override {
    if (step_ == prologue.size()) {
      uses_stack_ = uses_stack_ || index == 0;
      step_ = 0;
    }
    return Result::Ok;
  }

  Result OnFunctionName(Index index, std::string_view name) override {
    if (!name.empty()) names_.insert_or_assign(index, name);
    return Result::Ok;
  }

 private:
  static Kind kind_of(wabt::ExternalKind kind) {
    switch (kind) {
      case wabt::ExternalKind::Table:
        return Kind::table;
      case wabt::ExternalKind::Memory:
        return Kind::memory;
      case wabt::ExternalKind::Global:
        return Kind::global;
      case wabt::ExternalKind::Tag:
        return Kind::tag;
      case wabt::ExternalKind::Func:
        break;
    }
    return Kind::function;
  }

  Result add_other_type() {
    types_.emplace_back();
    return Result::Ok;
  }
  Result add_import(std::string_view module, std::string_view name, Kind kind, FunctionType type = {}) {
    module_.imports.push_back({std::string(module), std::string(name), kind, std::move(type), entry_});
    return entry_ends();
  }
  Result entry_ends() {
    entry_ = state->offset;
    return Result::Ok;
  }

  Module module_{};
  std::vector<FunctionType> types_;
  std::vector<Index> functions_;  ///< the type of each
  std::map<Index, std::string, std::less<>> names_;
  size_t next_section_ = header_size;
  size_t entry_ = 0;  ///< where the import or export that is read now begins
  std::optional<uint64_t> constant_;
  bool is_stack_pointer_ = false;
  std::optional<uint64_t> stack_pointer_;
  size_t step_ = 0;  ///< of the prologue
  bool uses_stack_ = false;
};

}  // namespace

std::variant<Module, Unreadable> decode(std::string_view bytes) {
  wabt::Features features;
  features.EnableAll();
  wabt::ReadBinaryOptions options;
  options.features = features;
  options.fail_on_custom_section_error = false;  // Envoy's loading does not depend on them
  options.read_debug_names = true;
  if (std::optional<Unreadable> excess = find_excess(bytes, options)) return *std::move(excess);
  options.read_debug_names = false;
  wabt::Errors errors;
  wabt::interp::ModuleDesc validated;
  // Not ReadBinaryIr: its tree of expressions is as deep as the module's blocks, and so is the recursion that
  // frees it; and some damaged modules end it in an assertion.
  if (wabt::Failed(wabt::interp::ReadBinaryInterp("module", bytes.data(), bytes.size(), options, &errors,
                                                  &validated))) {
    if (errors.empty()) return Unreadable{"invalid module", 0};
    return Unreadable{errors.front().message, errors.front().loc.offset};
  }
  options.read_debug_names = true;
  Reader reader;
  if (wabt::Failed(wabt::ReadBinary(bytes.data(), bytes.size(), &reader, options))) {
    return Unreadable{"invalid module", 0};
  }
  return reader.take();
}

}  // namespace wasmup::wasm
