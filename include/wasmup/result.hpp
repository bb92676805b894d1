// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <wasmup/abi.hpp>

/// What a function returns looks into the object it is called on: clang warns where that is a temporary.
#if defined(__clang__)
#define WASMUP_DETAIL_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define WASMUP_DETAIL_LIFETIME_BOUND
#endif

namespace wasmup {

/// What came of a hostcall: its status and, when that is `ok`, its value. The compiler warns about one left
/// unread.
///
/// There is nothing to throw and nothing to trap on: asked for its value after a failure, it gives an empty
/// one. "Missing" is a status (`Status::not_found`), never an empty value. Of a temporary result the value is
/// moved out, so that a loop over `*headers.all()` has something to stand on.
template <class T = void>
class [[nodiscard("a hostcall can fail: test it, pass it on, or say .ignore()")]] Result {
 public:
  constexpr Result(Status failure) : status_(failure) {}
  constexpr Result(T value) : value_(std::move(value)) {}

  constexpr explicit operator bool() const { return status_ == Status::ok; }
  constexpr Status status() const { return status_; }

  constexpr T& value() & WASMUP_DETAIL_LIFETIME_BOUND { return value_; }
  constexpr const T& value() const& WASMUP_DETAIL_LIFETIME_BOUND { return value_; }
  constexpr T value() && { return std::move(value_); }
  constexpr T& operator*() & WASMUP_DETAIL_LIFETIME_BOUND { return value_; }
  constexpr const T& operator*() const& WASMUP_DETAIL_LIFETIME_BOUND { return value_; }
  constexpr T operator*() && { return std::move(value_); }
  constexpr T* operator->() WASMUP_DETAIL_LIFETIME_BOUND { return &value_; }
  constexpr const T* operator->() const WASMUP_DETAIL_LIFETIME_BOUND { return &value_; }

  /// Says in the source that a failure here does not matter.
  constexpr void ignore() const {}

 private:
  Status status_ = Status::ok;
  T value_{};
};

/// A hostcall that gives nothing back but its status.
template <>
class [[nodiscard("a hostcall can fail: test it, pass it on, or say .ignore()")]] Result<void> {
 public:
  constexpr Result(Status status = Status::ok) : status_(status) {}

  constexpr explicit operator bool() const { return status_ == Status::ok; }
  constexpr Status status() const { return status_; }
  constexpr void ignore() const {}

 private:
  Status status_;
};

}  // namespace wasmup
