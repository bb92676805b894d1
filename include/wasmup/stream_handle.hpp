// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <wasmup/detail/contexts.hpp>

namespace wasmup {

/// A stream (or root context) to come back to: what a root context keeps of a stream it will resume later, on
/// a tick or when a queue has something. Costs nothing to keep, and does not keep the stream.
class StreamHandle {
 public:
  /// Of a filter or root context, from wherever it is at hand: `StreamHandle(*this)`, in a base class or a
  /// member of it, too. Of anything else there is no stream: run() is false.
  template <class Object>
  explicit StreamHandle(const Object& object) : context_(detail::reference_to(object)) {}

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
  detail::ContextRef context_;
};

}  // namespace wasmup
