// SPDX-License-Identifier: MIT
#include "interpreter.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>
#include <wabt/binary-reader.h>
#include <wabt/error-formatter.h>
#include <wabt/feature.h>
#include <wabt/interp/binary-reader-interp.h>
#include <wabt/interp/interp.h>

namespace wasmup::testing {
namespace {

namespace interp = wabt::interp;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read the module " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

wabt::Features all_features() {
  wabt::Features all;
  all.EnableAll();
  return all;
}

interp::ValueTypes value_types(std::string_view letters) {
  interp::ValueTypes types;
  for (const char letter : letters) types.emplace_back(letter == 'I' ? wabt::Type::I64 : wabt::Type::I32);
  return types;
}

interp::ModuleDesc parse(const std::string& path) {
  const std::string bytes = read_file(path);
  interp::ModuleDesc description;
  wabt::Errors errors;
  const wabt::ReadBinaryOptions options(all_features(), nullptr, false, true, true);
  if (Failed(interp::ReadBinaryInterp(path, bytes.data(), bytes.size(), options, &errors, &description))) {
    throw std::runtime_error(wabt::FormatErrorsToString(errors, wabt::Location::Type::Binary));
  }
  return description;
}

}  // namespace

struct Interpreter::State {
  interp::Store store{all_features()};
  interp::Module::Ptr module;
  interp::Instance::Ptr instance;
  interp::Memory::Ptr memory;
  std::map<std::string, interp::Ref, std::less<>> functions;
  std::string trap;

  interp::Ref link(const interp::ImportType& type, const Linker& linker) {
    auto import = linker(type.module, type.name);
    if (!import) {
      throw std::runtime_error("it imports " + type.module + "." + type.name +
                               ", which the fake host does not offer");
    }
    interp::FuncType function_type(value_types(import->parameters), value_types(import->result));
    return interp::HostFunc::New(store, std::move(function_type),
                                 [import = *std::move(import)](interp::Thread&, const interp::Values& values,
                                                               interp::Values& results, interp::Trap::Ptr*) {
                                   std::vector<uint64_t> words;
                                   for (size_t i = 0; i != values.size(); ++i) {
                                     words.push_back(import.parameters[i] == 'I' ? values[i].Get<uint64_t>()
                                                                                 : values[i].Get<uint32_t>());
                                   }
                                   const uint32_t answer = import.answer(words);
                                   if (!results.empty()) results[0] = interp::Value::Make(answer);
                                   return wabt::Result::Ok;
                                 })
        .ref();
  }
};

Interpreter::Interpreter(const std::string& path, const Linker& linker) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.module = interp::Module::New(state.store, parse(path));
  interp::RefVec imports;
  for (const auto& import : state.module->desc().imports) imports.push_back(state.link(import.type, linker));
  interp::Trap::Ptr trap;
  state.instance = interp::Instance::Instantiate(state.store, state.module.ref(), imports, &trap);
  if (!state.instance) throw std::runtime_error(path + ": " + trap->message());
  const auto& exports = state.module->desc().exports;
  for (size_t i = 0; i != exports.size(); ++i) {
    const interp::Ref ref = state.instance->exports()[i];
    const auto kind = exports[i].type.type->kind;
    if (kind == wabt::ExternalKind::Func) state.functions[exports[i].type.name] = ref;
    if (kind == wabt::ExternalKind::Memory) state.memory = state.store.UnsafeGet<interp::Memory>(ref);
  }
  if (!state.memory) throw std::runtime_error(path + " exports no memory");
}

Interpreter::~Interpreter() = default;

bool Interpreter::exports(std::string_view name) const { return state_->functions.count(name) != 0; }

std::optional<uint32_t> Interpreter::call(std::string_view name, const std::vector<uint32_t>& arguments) {
  interp::Values values;
  for (const uint32_t argument : arguments) values.push_back(interp::Value::Make(argument));
  interp::Values results;
  interp::Trap::Ptr trap;
  const auto function = state_->store.UnsafeGet<interp::Func>(state_->functions.find(name)->second);
  if (Failed(function->Call(state_->store, values, results, &trap))) {
    state_->trap = trap->message();
    return std::nullopt;
  }
  return results.empty() ? 0 : results[0].Get<uint32_t>();
}

const std::string& Interpreter::trap() const { return state_->trap; }
char* Interpreter::memory() { return reinterpret_cast<char*>(state_->memory->UnsafeData()); }
uint64_t Interpreter::memory_size() const { return state_->memory->ByteSize(); }

}  // namespace wasmup::testing
