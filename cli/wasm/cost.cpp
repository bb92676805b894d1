// SPDX-License-Identifier: MIT
#include "cost.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>
#include <wabt/binary-reader-nop.h>
#include <wabt/error.h>

namespace wasmup::wasm {
namespace {

using wabt::Index;
using wabt::Offset;
using wabt::Opcode;
using wabt::Result;

// V8's own, as the JavaScript API for WebAssembly has them.
constexpr Index most_values = 1000;  // of a function's parameters, and of its results
constexpr Offset largest_body = 7'654'321;
constexpr size_t longest_name = 100'000;

/// What all may cost together. A unit is about a byte kept, or a nanosecond.
constexpr uint64_t most_units = uint64_t{512} << 20;

// What one of each costs, by what libwabt 1.0.32 and later ones, and this program, keep of it; measured with
// modules that have nothing else.
namespace unit {
constexpr uint64_t opcode = 24;
constexpr uint64_t branch = 40;
constexpr uint64_t block = 40;
constexpr uint64_t level = 320;    // deeper than any block before
constexpr uint64_t handler = 200;  // a try, or a catch
constexpr uint64_t local_declaration = 64;
constexpr uint64_t value = 24;       // of a type, each time it is used in code
constexpr uint64_t kept_value = 72;  // likewise, by what stays until the end
constexpr uint64_t type = 400;
constexpr uint64_t function = 800;
constexpr uint64_t import = 3000;
constexpr uint64_t exported = 1500;
constexpr uint64_t global = 600;
constexpr uint64_t segment = 700;
constexpr uint64_t element = 160;
constexpr uint64_t section = 2000;
constexpr uint64_t other = 1000;  // a table, a memory, a tag
constexpr uint64_t function_name = 160;
constexpr uint64_t letter = 8;  // of a name
}  // namespace unit

struct Arity {
  uint64_t parameters = 0;
  uint64_t results = 0;
  uint64_t all() const { return parameters + results; }
};

/// The module need not be valid. Where it is not, this goes on for as long as libwabt reads on, at least.
class Sum : public wabt::BinaryReaderNop {
 public:
  std::optional<Unreadable> take() { return std::move(excess_); }

  bool OnError(const wabt::Error&) override { return true; }

  Result BeginSection(Index, wabt::BinarySection, Offset) override { return spend(unit::section); }
  Result BeginCustomSection(Index, Offset, std::string_view name) override { return name_of(name); }

  Result OnTypeCount(Index count) override { return spend(unit::type, count); }
  Result OnFuncType(Index, Index parameters, wabt::Type*, Index results, wabt::Type*) override {
    if (std::max(parameters, results) > most_values) {
      return refuse("a function's type has " + std::to_string(parameters) + " parameters and " +
                    std::to_string(results) + " results, and V8 takes " + std::to_string(most_values));
    }
    return add_type({parameters, results});
  }
  Result OnStructType(Index, Index fields, wabt::TypeMut*) override { return add_type({fields, 0}); }
  Result OnArrayType(Index, wabt::TypeMut) override { return add_type({}); }

  Result OnImportCount(Index count) override { return spend(unit::import, count); }
  Result OnImport(Index, wabt::ExternalKind, std::string_view module, std::string_view name) override {
    return all_of(name_of(module), name_of(name));
  }
  Result OnImportFunc(Index, std::string_view, std::string_view, Index, Index type) override {
    return add_function(type);
  }
  Result OnImportTag(Index, std::string_view, std::string_view, Index, Index type) override {
    return add_tag(type);
  }
  Result OnFunctionCount(Index count) override { return spend(unit::function, count); }
  Result OnFunction(Index, Index type) override { return add_function(type); }
  Result OnTableCount(Index count) override { return spend(unit::other, count); }
  Result OnMemoryCount(Index count) override { return spend(unit::other, count); }
  Result OnGlobalCount(Index count) override { return spend(unit::global, count); }
  Result OnTagCount(Index count) override { return spend(unit::other, count); }
  Result OnTagType(Index, Index type) override { return add_tag(type); }
  Result OnExportCount(Index count) override { return spend(unit::exported, count); }
  Result OnExport(Index, wabt::ExternalKind kind, Index index, std::string_view name) override {
    const bool is_function = kind == wabt::ExternalKind::Func && index < functions_.size();
    return all_of(name_of(name), is_function ? keep(functions_[index]) : Result(Result::Ok));
  }
  Result OnElemSegmentCount(Index count) override { return spend(unit::segment, count); }
  Result OnElemSegmentElemExprCount(Index, Index count) override { return spend(unit::element, count); }
  Result OnDataCount(Index count) override { return spend(unit::segment, count); }
  Result OnDataSegmentCount(Index count) override { return spend(unit::segment, count); }
  Result OnDataSegmentData(Index, const void*, wabt::Address size) override { return spend(size); }
  Result OnFunctionNamesCount(Index count) override { return spend(unit::function_name, count); }
  Result OnFunctionName(Index, std::string_view name) override { return spend(unit::letter, name.size()); }

  Result BeginFunctionBody(Index index, Offset size) override {
    if (size > largest_body) {
      return refuse("a function's body has " + std::to_string(size) + " bytes, and V8 takes " +
                    std::to_string(largest_body));
    }
    blocks_.clear();
    blocks_.push_back({false, {0, index < functions_.size() ? arity(functions_[index]).results : 0}});
    return Result::Ok;
  }
  Result OnLocalDecl(Index, Index, wabt::Type) override { return spend(unit::local_declaration); }
  Result OnOpcode(Opcode) override { return spend(unit::opcode); }

  Result OnBlockExpr(wabt::Type type) override { return enter(type, false); }
  Result OnIfExpr(wabt::Type type) override { return enter(type, false); }
  Result OnLoopExpr(wabt::Type type) override { return enter(type, true); }
  /// It looks at all that it is in.
  Result OnTryExpr(wabt::Type type) override {
    return all_of(enter(type, false), spend(unit::handler + blocks_.size()));
  }
  Result OnElseExpr() override { return use(top()); }
  Result OnCatchExpr(Index tag) override { return all_of(spend(unit::handler), use(top()), throw_tag(tag)); }
  Result OnCatchAllExpr() override { return all_of(spend(unit::handler), use(top())); }
  Result OnDelegateExpr(Index) override { return all_of(spend(blocks_.size()), leave()); }
  Result OnEndExpr() override { return leave(); }

  Result OnBrExpr(Index depth) override { return branch(depth); }
  Result OnBrIfExpr(Index depth) override { return branch(depth); }
  Result OnBrTableExpr(Index count, Index* depths, Index otherwise) override {
    for (Index i = 0; i < count; ++i) {
      if (wabt::Failed(branch(depths[i]))) return Result::Error;
    }
    return branch(otherwise);
  }
  Result OnReturnExpr() override { return branch(outermost()); }
  Result OnThrowExpr(Index tag) override { return throw_tag(tag); }
  Result OnRethrowExpr(Index) override { return branch(outermost()); }
  Result OnCallExpr(Index index) override {
    return index < functions_.size() ? use(arity(functions_[index])) : Result(Result::Ok);
  }
  Result OnCallIndirectExpr(Index type, Index) override { return use(arity(type)); }
  Result OnReturnCallExpr(Index index) override {
    return all_of(OnCallExpr(index), OnCallExpr(index), branch(outermost()));
  }
  Result OnReturnCallIndirectExpr(Index type, Index) override {
    return all_of(use(arity(type)), use(arity(type)), branch(outermost()));
  }
  Result OnSelectExpr(Index count, wabt::Type*) override { return spend(unit::value, count); }

 private:
  struct Block {
    bool is_loop;
    Arity arity;
  };

  template <typename... Results>
  static Result all_of(Results... results) {
    return ((wabt::Failed(results) || ...)) ? Result::Error : Result::Ok;
  }

  Result refuse(std::string reason) {
    if (!excess_) excess_ = Unreadable{std::move(reason), state->offset, true};
    return Result::Error;
  }
  Result spend(uint64_t units, uint64_t times = 1) {
    spent_ += units * times;  // `times` comes from 32 bits or from the file's size
    if (spent_ <= most_units) return Result::Ok;
    return refuse("reading it whole would take more than a few seconds, or a GB of memory");
  }
  Result name_of(std::string_view name) {
    if (name.size() > longest_name) {
      return refuse("a name has " + std::to_string(name.size()) + " bytes, and " +
                    std::to_string(longest_name) + " are the most");
    }
    return spend(unit::letter, name.size());
  }

  /// Of a type that may not be there: then libwabt stops here.
  Arity arity(Index type) const { return type < types_.size() ? types_[type] : Arity{}; }
  Arity arity(wabt::Type type) const {
    if (type.IsIndex()) return arity(type.GetIndex());
    return {0, type == wabt::Type::Void ? 0U : 1U};
  }
  Arity top() const { return blocks_.empty() ? Arity{} : blocks_.back().arity; }
  Index outermost() const { return blocks_.empty() ? 0 : static_cast<Index>(blocks_.size() - 1); }

  Result use(Arity arity) { return spend(unit::value, arity.all()); }
  Result keep(Index type) { return spend(unit::kept_value, arity(type).all()); }
  Result add_type(Arity arity) {
    types_.push_back(arity);
    return spend(unit::kept_value, arity.all());
  }
  Result add_tag(Index type) {
    tags_.push_back(type);
    return keep(type);
  }
  Result throw_tag(Index tag) { return tag < tags_.size() ? use(arity(tags_[tag])) : Result(Result::Ok); }
  Result add_function(Index type) {
    functions_.push_back(type);
    return keep(type);
  }

  Result enter(wabt::Type type, bool is_loop) {
    blocks_.push_back({is_loop, arity(type)});
    const bool is_deeper = blocks_.size() > deepest_;
    deepest_ = std::max(deepest_, blocks_.size());
    return all_of(spend(unit::block + (is_deeper ? unit::level : 0)), use(top()));
  }
  Result leave() {
    const Arity left = top();
    if (!blocks_.empty()) blocks_.pop_back();
    return use(left);
  }
  /// It looks at all that it leaves, and at each value that it takes along.
  Result branch(Index depth) {
    if (depth >= blocks_.size()) return spend(unit::branch);
    const Block& target = blocks_[blocks_.size() - 1 - depth];
    const uint64_t taken = target.is_loop ? target.arity.parameters : target.arity.results;
    return all_of(spend(unit::branch + depth), spend(unit::value, taken));
  }

  std::vector<Arity> types_;
  std::vector<Index> functions_;  ///< the type of each
  std::vector<Index> tags_;       ///< likewise
  std::vector<Block> blocks_;     ///< that are open
  size_t deepest_ = 0;
  uint64_t spent_ = 0;
  std::optional<Unreadable> excess_;
};

}  // namespace

std::optional<Unreadable> find_excess(std::string_view bytes, const wabt::ReadBinaryOptions& options) {
  Sum sum;
  static_cast<void>(wabt::ReadBinary(bytes.data(), bytes.size(), &sum, options));  // damage is not its matter
  return sum.take();
}

}  // namespace wasmup::wasm
