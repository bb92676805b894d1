// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

/// The wire form of a list of pairs (headers, maps): a count, then each pair's two lengths, then each name
/// and value followed by a NUL; all numbers are 32-bit little-endian.
namespace wasmup {

static_assert(std::endian::native == std::endian::little, "pairs are read in place");

/// One pair, looking into the PairList it came from.
struct PairView {
  std::string_view name;
  std::string_view value;
};

/// A list of pairs as the host sent it: order and repeated names are kept, nothing is copied.
class PairList {
 public:
  class Iterator {
   public:
    constexpr Iterator() = default;

    PairView operator*() const { return {{text_, name_size()}, {text_ + name_size() + 1, value_size()}}; }
    Iterator& operator++() {
      text_ += name_size() + value_size() + 2;
      lengths_ += 2 * sizeof(uint32_t);
      return *this;
    }
    bool operator==(const Iterator& other) const { return lengths_ == other.lengths_; }

   private:
    friend class PairList;
    Iterator(const char* lengths, const char* text) : lengths_(lengths), text_(text) {}
    uint32_t name_size() const { return read_u32(lengths_); }
    uint32_t value_size() const { return read_u32(lengths_ + sizeof(uint32_t)); }

    const char* lengths_ = nullptr;
    const char* text_ = nullptr;
  };

  PairList() = default;

  /// Takes a list apart. Whatever does not add up to the last byte is `Status::parse_failure`.
  static Result<PairList> parse(Bytes bytes) {
    if (bytes.empty()) return PairList();
    uint64_t expected = sizeof(uint32_t);
    if (bytes.size() < expected) return Status::parse_failure;
    const uint32_t count = read_u32(bytes.data());
    expected += uint64_t{count} * 2 * sizeof(uint32_t);
    if (bytes.size() < expected) return Status::parse_failure;
    const char* lengths = bytes.data() + sizeof(uint32_t);
    for (uint32_t i = 0; i != 2 * count; ++i) {
      expected += uint64_t{read_u32(lengths + i * sizeof(uint32_t))} + 1;
    }
    if (bytes.size() != expected) return Status::parse_failure;
    return PairList(std::move(bytes), count);
  }

  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  Iterator begin() const WASMUP_DETAIL_LIFETIME_BOUND {
    const char* lengths = bytes_.data() + (count_ != 0 ? sizeof(uint32_t) : 0);
    return {lengths, lengths + 2 * sizeof(uint32_t) * count_};
  }
  // The lengths end where the text begins.
  Iterator end() const WASMUP_DETAIL_LIFETIME_BOUND { return {begin().text_, nullptr}; }

 private:
  PairList(Bytes bytes, uint32_t count) : bytes_(std::move(bytes)), count_(count) {}

  static uint32_t read_u32(const char* from) {
    uint32_t number = 0;
    std::memcpy(&number, from, sizeof(number));
    return number;
  }

  Bytes bytes_;
  uint32_t count_ = 0;
};

namespace detail {

/// Puts pairs into their wire form. `Pairs` is a range of what `pair_of` makes a PairView of. More than the
/// host would take (abi::max_pairs, abi::max_pairs_bytes) is refused here, because the host would read it as
/// an empty list.
template <class Pairs, class PairOf>
inline Result<Bytes> encode_pairs(const Pairs& pairs, PairOf pair_of) {
  size_t count = 0;
  size_t size = sizeof(uint32_t);
  for (const auto& pair : pairs) {
    const PairView view = pair_of(pair);
    ++count;
    size += 2 * sizeof(uint32_t) + view.name.size() + 1 + view.value.size() + 1;
    if (count > abi::max_pairs || size > abi::max_pairs_bytes) return Status::bad_argument;
  }
  Bytes bytes = Bytes::allocate(size);
  if (bytes.empty()) return Status::internal_failure;
  char* out = bytes.data();
  const auto put_u32 = [&out](size_t number) {
    const auto wire = static_cast<uint32_t>(number);
    std::memcpy(out, &wire, sizeof(wire));
    out += sizeof(wire);
  };
  const auto put_text = [&out](std::string_view text) {
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    out += text.size();
    *out++ = '\0';
  };
  put_u32(count);
  for (const auto& pair : pairs) {
    const PairView view = pair_of(pair);
    put_u32(view.name.size());
    put_u32(view.value.size());
  }
  for (const auto& pair : pairs) {
    const PairView view = pair_of(pair);
    put_text(view.name);
    put_text(view.value);
  }
  return bytes;
}

}  // namespace detail
}  // namespace wasmup
