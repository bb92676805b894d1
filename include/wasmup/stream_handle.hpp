// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/detail/contexts.hpp>

namespace wasmup {

namespace detail {

/// The context that hostcalls act on in place of the one whose callback runs; 0: none. The host forgets its
/// own when a callback returns.
inline constinit uint32_t effective_context = 0;

/// Acts for another context while this object lives, if that is still there.
class ActingFor {
 public:
  explicit ActingFor(uint32_t context)
      : outer_(effective_context), is_there_(abi::proxy_set_effective_context(context) == Status::ok) {
    if (is_there_) effective_context = context;
  }
  ActingFor(const ActingFor&) = delete;
  ActingFor& operator=(const ActingFor&) = delete;
  ~ActingFor() {
    if (!is_there_) return;
    effective_context = outer_;
    static_cast<void>(abi::proxy_set_effective_context(outer_));
  }

  bool is_there() const { return is_there_; }

 private:
  uint32_t outer_;
  bool is_there_;
};

}  // namespace detail

/// A stream (or root context) to come back to: what a root context keeps of a stream it will resume later, on
/// a tick or when a queue has something. Costs nothing to keep, and does not keep the stream.
class StreamHandle {
 public:
  /// Of a filter or root context, from one of its callbacks: `StreamHandle(*this)`. As the type that is
  /// registered, not as a base class of that.
  template <class Object>
  explicit StreamHandle(const Object& object) : context_(detail::context_id(object)) {}

  /// Runs `action` with that stream's data at hand, so far as it is held back: hostcalls in it act on that
  /// stream. False, and nothing is run, when the stream is gone. proxy_set_effective_context.
  template <class Action>
  bool run(Action&& action) const {
    const detail::ActingFor acting(context_);
    if (!acting.is_there()) return false;
    std::forward<Action>(action)();
    return true;
  }

 private:
  uint32_t context_;
};

}  // namespace wasmup
