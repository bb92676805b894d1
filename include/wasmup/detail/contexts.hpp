// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include <wasmup/detail/memory.hpp>

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

/// Contexts by id: open addressing in one flat array. The host counts ids upwards, so the id itself is the
/// hash, and neighbours rarely collide. Objects behind an entry stay where they are; entries move.
class Contexts {
 public:
  constexpr Contexts() = default;
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;

  Context* find(uint32_t id) {
    if (capacity_ == 0) return nullptr;
    for (size_t i = id & (capacity_ - 1);; i = (i + 1) & (capacity_ - 1)) {
      if (entries_[i].id == id) return &entries_[i];
      if (entries_[i].id == 0) return nullptr;
    }
  }

  /// Adds a context that is not there yet. False when memory is out.
  bool insert(const Context& context) {
    if (4 * (size_ + 1) > 3 * capacity_ && !grow()) return false;
    place(context);
    ++size_;
    return true;
  }

  void erase(Context* context) {
    // Backward shift: entries that had to step over the new hole move into it, so that no tombstones pile up.
    const size_t mask = capacity_ - 1;
    auto hole = static_cast<size_t>(context - entries_);
    for (size_t i = (hole + 1) & mask; entries_[i].id != 0; i = (i + 1) & mask) {
      const size_t home = entries_[i].id & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        entries_[hole] = entries_[i];
        hole = i;
      }
    }
    entries_[hole] = {};
    --size_;
  }

  size_t size() const { return size_; }

  template <class Visit>
  void for_each(Visit visit) {
    for (size_t i = 0; i != capacity_; ++i) {
      if (entries_[i].id != 0) visit(entries_[i]);
    }
  }

  /// Forgets all entries; the objects behind them are the caller's to end first.
  void clear() {
    if (entries_ != nullptr) deallocate(entries_);
    entries_ = nullptr;
    capacity_ = size_ = 0;
  }

 private:
  void place(const Context& context) {
    size_t i = context.id & (capacity_ - 1);
    while (entries_[i].id != 0) i = (i + 1) & (capacity_ - 1);
    entries_[i] = context;
  }

  bool grow() {
    const size_t old_capacity = capacity_;
    Context* const old_entries = entries_;
    const size_t capacity = old_capacity != 0 ? 2 * old_capacity : 16;
    auto* entries = static_cast<Context*>(allocate(capacity * sizeof(Context)));
    if (entries == nullptr) return false;
    for (size_t i = 0; i != capacity; ++i) entries[i] = {};
    entries_ = entries;
    capacity_ = capacity;
    for (size_t i = 0; i != old_capacity; ++i) {
      if (old_entries[i].id != 0) place(old_entries[i]);
    }
    if (old_entries != nullptr) deallocate(old_entries);
    return true;
  }

  Context* entries_ = nullptr;
  size_t capacity_ = 0;  // a power of two, or none yet
  size_t size_ = 0;
};

}  // namespace wasmup::detail
