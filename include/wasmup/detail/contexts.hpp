// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <wasmup/detail/id_table.hpp>

namespace wasmup::detail {

/// What the module remembers of a context: which unit (filter, root) it belongs to, and the objects behind
/// it.
struct Context {
  uint32_t id = 0;  ///< 0 marks a free place: the host never gives it to a root or a stream
  uint32_t unit = 0;
  bool is_root = false;
  void* root = nullptr;    ///< owned by the root's own context, borrowed by its streams
  void* stream = nullptr;  ///< owned
};

using Contexts = IdTable<Context>;

/// A filter or root context with the id of its context: each that the SDK makes is one of these, so that
/// `context_id` finds the id from the user's own object. Where nobody asks, the compiler leaves it out.
template <class Object>
struct Placed : Object {
  explicit Placed(uint32_t id) : context_id(id) {}
  uint32_t context_id;
#if !defined(__wasm__)
  const void* self = this;
#endif
};

#if !defined(__wasm__)
// The fake host fails the test.
extern "C" void wasmup_testing_misplaced();
#endif

/// The object must be of the very type that is registered: as a base class of that, or as a member of it, it
/// has no id behind it. No compiler sees that; a native test does.
template <class Object>
inline uint32_t context_id(const Object& object) {
  const auto& placed = static_cast<const Placed<Object>&>(object);
#if !defined(__wasm__)
  if (placed.self != &placed) {
    wasmup_testing_misplaced();
    return 0;
  }
#endif
  return placed.context_id;
}

}  // namespace wasmup::detail
