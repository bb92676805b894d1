// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include <wasmup/detail/local.hpp>
#include <wasmup/detail/memory.hpp>

namespace wasmup::detail {

/// Entries by the id the host gave them: open addressing in one flat array. `Entry` is plain data with a
/// member `id`, which is never 0. The host counts ids upwards: so the id itself is the hash, and
/// neighbours rarely collide. Entries move; what they point to stays where it is.
template <class Entry>
class WASMUP_DETAIL_LOCAL IdTable {
 public:
  constexpr IdTable() = default;
  IdTable(const IdTable&) = delete;
  IdTable& operator=(const IdTable&) = delete;

  [[gnu::noinline]] Entry* find(uint32_t id) const {
    if (capacity_ == 0) return nullptr;
    Entry* const entry = place_of(id);
    return entry->id != 0 ? entry : nullptr;
  }

  /// A new entry for an id that has none yet: empty but for the id. Null when memory is out.
  Entry* insert(uint32_t id) {
    if (4 * (size_ + 1) > 3 * capacity_ && !grow()) return nullptr;
    Entry* const entry = place_of(id);
    entry->id = id;
    ++size_;
    return entry;
  }

  void erase(Entry* entry) {
    // Backward shift: entries that had to step over the new hole move into it, so that no tombstones pile up.
    const size_t mask = capacity_ - 1;
    auto hole = static_cast<size_t>(entry - entries_);
    for (size_t i = (hole + 1) & mask; entries_[i].id != 0; i = (i + 1) & mask) {
      if (((i - home(entries_[i].id)) & mask) >= ((i - hole) & mask)) {
        entries_[hole] = entries_[i];
        hole = i;
      }
    }
    entries_[hole] = {};
    --size_;
  }

  size_t size() const { return size_; }

  template <class IsWanted>
  Entry* find_if(IsWanted is_wanted) const {
    for (size_t i = 0; i != capacity_; ++i) {
      if (entries_[i].id != 0 && is_wanted(entries_[i])) return &entries_[i];
    }
    return nullptr;
  }

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
  size_t home(uint32_t id) const { return id & (capacity_ - 1); }

  /// Where the id's entry is, or would be.
  [[gnu::noinline]] Entry* place_of(uint32_t id) const {
    for (size_t i = home(id);; ++i) {
      Entry* const entry = &entries_[i & (capacity_ - 1)];
      if (entry->id == id || entry->id == 0) return entry;
    }
  }

  bool grow() {
    const size_t old_capacity = capacity_;
    Entry* const old_entries = entries_;
    const size_t capacity = old_capacity != 0 ? 2 * old_capacity : 16;
    auto* entries = static_cast<Entry*>(allocate(capacity * sizeof(Entry)));
    if (entries == nullptr) return false;
    for (size_t i = 0; i != capacity; ++i) entries[i] = {};
    entries_ = entries;
    capacity_ = capacity;
    for (size_t i = 0; i != old_capacity; ++i) {
      if (old_entries[i].id != 0) *place_of(old_entries[i].id) = old_entries[i];
    }
    deallocate(old_entries);
    return true;
  }

  Entry* entries_ = nullptr;
  size_t capacity_ = 0;  // a power of two, or none yet
  size_t size_ = 0;
};

}  // namespace wasmup::detail
