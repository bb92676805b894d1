// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include <wasmup/detail/memory.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// Bytes that belong to the module: what the host hands over lies in memory it took from the module's
/// allocator, and is freed with this object. Reads as a std::string_view, which must not outlive it.
class Bytes {
 public:
  constexpr Bytes() = default;

  /// Takes over memory that the host had from the module's allocator.
  Bytes(char* data, size_t size) : data_(data), size_(size) {}

  Bytes(Bytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Bytes() {
    if (data_ != nullptr) detail::deallocate(data_);
  }

  /// Uninitialised memory to fill in; empty when there is none left.
  static Bytes allocate(size_t size) {
    auto* data = static_cast<char*>(detail::allocate(size));
    return {data, data != nullptr ? size : 0};
  }

  char* data() WASMUP_DETAIL_LIFETIME_BOUND { return data_; }
  const char* data() const WASMUP_DETAIL_LIFETIME_BOUND { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  std::string_view view() const WASMUP_DETAIL_LIFETIME_BOUND { return {data_, size_}; }
  operator std::string_view() const& WASMUP_DETAIL_LIFETIME_BOUND { return view(); }
  operator std::string_view() && = delete;  // it would look at memory that is gone

  friend bool operator==(const Bytes& left, std::string_view right) { return left.view() == right; }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

namespace detail {

/// Runs a hostcall that answers through two out-parameters. (ok, null, 0) means present and empty.
template <class Hostcall>
inline Result<Bytes> receive(Hostcall hostcall) {
  char* data = nullptr;
  size_t size = 0;
  const Status status = hostcall(&data, &size);
  if (status != Status::ok) return status;
  return Bytes(data, size);
}

}  // namespace detail
}  // namespace wasmup
