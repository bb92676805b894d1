// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <wasmup/bytes.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup::detail {

/// Headers put together from several places, up to a number known before; checked as they come.
class PairArray {
 public:
  explicit PairArray(size_t capacity) : memory_(Bytes::allocate(capacity * sizeof(PairView))) {
    if (memory_.size() != capacity * sizeof(PairView)) status_ = Status::internal_failure;
  }

  [[gnu::noinline]] void add(std::string_view name, std::string_view value, bool is_valid) {
    if (!is_valid) status_ = Status::bad_argument;
    if (status_ != Status::ok) return;
    std::construct_at(reinterpret_cast<PairView*>(memory_.data()) + count_++, name, value);
  }
  template <class Headers>
  void add(const Headers& headers) {
    for (const Header& header : headers) {
      add(header.name.text(), header.value.text(), header.name.valid() && header.value.valid());
    }
  }

  size_t size() const { return count_; }
  /// Whether one of the first `count` has this name.
  bool has(std::string_view name, size_t count) const {
    for (const PairView& pair : pairs().first(count)) {
      if (same_name(pair.name, name)) return true;
    }
    return false;
  }

  /// The wire form; nothing at all for no headers. The first reason why not, else.
  Result<Bytes> encode() const {
    if (status_ != Status::ok) return status_;
    if (count_ == 0) return Bytes();
    return encode_pairs(pairs(), [](const PairView& pair) { return pair; });
  }

 private:
  std::span<const PairView> pairs() const {
    return {reinterpret_cast<const PairView*>(memory_.data()), count_};
  }

  Bytes memory_;
  size_t count_ = 0;
  Status status_ = Status::ok;
};

}  // namespace wasmup::detail
