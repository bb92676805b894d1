// SPDX-License-Identifier: MIT
#include "decoder.hpp"

#include <utility>
#include <wabt/binary-reader.h>
#include <wabt/cast.h>
#include <wabt/error.h>
#include <wabt/feature.h>
#include <wabt/interp/binary-reader-interp.h>
#include <wabt/interp/interp.h>

namespace wasmup::wasm {
namespace {

namespace interp = wabt::interp;

Kind kind_of(interp::ExternKind kind) {
  switch (kind) {
    case interp::ExternKind::Func:
      return Kind::function;
    case interp::ExternKind::Table:
      return Kind::table;
    case interp::ExternKind::Memory:
      return Kind::memory;
    case interp::ExternKind::Global:
      return Kind::global;
    case interp::ExternKind::Tag:
      return Kind::tag;
  }
  return Kind::function;
}

std::string letters(const interp::ValueTypes& types) {
  std::string text;
  for (const wabt::Type type : types) {
    switch (type) {
      case wabt::Type::I32:
        text += 'i';
        break;
      case wabt::Type::I64:
        text += 'I';
        break;
      case wabt::Type::F32:
        text += 'f';
        break;
      case wabt::Type::F64:
        text += 'F';
        break;
      case wabt::Type::V128:
        text += 'v';
        break;
      default:
        text += 'r';
        break;
    }
  }
  return text;
}

FunctionType function_type(const interp::ExternType& type) {
  if (type.kind != interp::ExternKind::Func) return {};
  const auto& function = *wabt::cast<interp::FuncType>(&type);
  return {letters(function.params), letters(function.results)};
}

}  // namespace

std::variant<Module, Malformed> decode(std::string_view bytes) {
  wabt::Features features;
  features.EnableAll();
  wabt::ReadBinaryOptions options;
  options.features = features;
  options.fail_on_custom_section_error = false;  // Envoy's loading does not depend on them
  wabt::Errors errors;
  interp::ModuleDesc description;
  // Not ReadBinaryIr: its tree of expressions is as deep as the module's blocks, and so is the recursion that
  // frees it; and some damaged modules end it in an assertion.
  const wabt::Result result =
      interp::ReadBinaryInterp("module", bytes.data(), bytes.size(), options, &errors, &description);
  if (wabt::Failed(result)) {
    if (errors.empty()) return Malformed{"invalid module", 0};
    return Malformed{errors.front().message, errors.front().loc.offset};
  }

  Module module;
  for (const interp::ImportDesc& import : description.imports) {
    const interp::ExternType& type = *import.type.type;
    module.imports.push_back({import.type.module, import.type.name, kind_of(type.kind), function_type(type)});
    if (type.kind == interp::ExternKind::Memory) {
      module.memories.push_back(wabt::cast<interp::MemoryType>(&type)->limits.initial);
    }
  }
  for (const interp::MemoryDesc& memory : description.memories) {
    module.memories.push_back(memory.type.limits.initial);
  }
  for (const interp::ExportDesc& exported : description.exports) {
    const interp::ExternType& type = *exported.type.type;
    module.exports.push_back({exported.type.name, kind_of(type.kind), function_type(type)});
  }
  return module;
}

}  // namespace wasmup::wasm
