// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <wasmup/bytes.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// A list of texts as the host sent it: on the wire, the names of pairs without values.
class StringList {
 public:
  class Iterator {
   public:
    constexpr Iterator() = default;
    explicit Iterator(PairList::Iterator pair) : pair_(pair) {}

    std::string_view operator*() const { return (*pair_).name; }
    Iterator& operator++() {
      ++pair_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    PairList::Iterator pair_;
  };

  StringList() = default;

  /// Takes a list apart. Whatever does not add up to the last byte is `Status::parse_failure`, and so is a
  /// map.
  static Result<StringList> parse(Bytes bytes) {
    Result<PairList> pairs = PairList::parse(std::move(bytes));
    if (!pairs) return pairs.status();
    for (const PairView pair : *pairs) {
      if (!pair.value.empty()) return Status::parse_failure;
    }
    return StringList(*std::move(pairs));
  }

  size_t size() const { return pairs_.size(); }
  bool empty() const { return pairs_.empty(); }
  Iterator begin() const WASMUP_DETAIL_LIFETIME_BOUND { return Iterator(pairs_.begin()); }
  Iterator end() const WASMUP_DETAIL_LIFETIME_BOUND { return Iterator(pairs_.end()); }

 private:
  explicit StringList(PairList pairs) : pairs_(std::move(pairs)) {}

  PairList pairs_;
};

}  // namespace wasmup
