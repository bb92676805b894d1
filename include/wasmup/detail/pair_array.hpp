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

  void add(std::string_view name, const HeaderValue& value) {
    if (!value.valid()) status_ = Status::bad_argument;
    if (status_ != Status::ok) return;
    std::construct_at(reinterpret_cast<PairView*>(memory_.data()) + count_++, name, value.text());
  }
  template <class Headers>
  void add(const Headers& headers) {
    for (const Header& header : headers) {
      if (!header.name.valid()) status_ = Status::bad_argument;
      add(header.name.text(), header.value);
    }
  }

  /// The wire form; nothing at all for no headers. The first reason why not, else.
  Result<Bytes> encode() const {
    if (status_ != Status::ok) return status_;
    if (count_ == 0) return Bytes();
    const std::span pairs(reinterpret_cast<const PairView*>(memory_.data()), count_);
    return encode_pairs(pairs, [](const PairView& pair) { return pair; });
  }

 private:
  Bytes memory_;
  size_t count_ = 0;
  Status status_ = Status::ok;
};

}  // namespace wasmup::detail
