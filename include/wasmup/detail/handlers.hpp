// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

#include <wasmup/detail/contexts.hpp>
#include <wasmup/detail/pending_calls.hpp>

namespace wasmup::detail {

/// Calls a callable, or a member function of its first argument.
template <class Handler, class Object, class... Arguments>
decltype(auto) invoke(Handler& handler, Object& object, Arguments... arguments) {
  if constexpr (std::is_member_function_pointer_v<Handler>) {
    return (object.*handler)(arguments...);
  } else {
    return handler(object, arguments...);
  }
}

/// `Function` is called with the object that asked, the token and the event, and says whether that was the
/// last.
template <class Event, class Asking, class Function>
struct BoundHandler : Handler<Event> {
  Asking* asking;
  Function function;

  static bool run(Handler<Event>* self, uint32_t context, uint32_t token, const Event* event) {
    auto* const bound = static_cast<BoundHandler*>(self);
    bool is_last = true;
    if (event != nullptr) {
      if constexpr (std::is_empty_v<Asking>) {
        // A filter without data was never kept: another one does as well.
        Placed<Asking> fresh(context);
        is_last = bound->function(static_cast<Asking&>(fresh), token, *event);
      } else {
        is_last = bound->function(*bound->asking, token, *event);
      }
    }
    if (is_last) delete bound;
    return is_last;
  }
};

template <class Event, class Asking, class Function>
Handler<Event>* make_handler(Asking& asking, Function function) {
  using Bound = BoundHandler<Event, Asking, Function>;
  return new Bound{{&Bound::run}, &asking, std::move(function)};
}

}  // namespace wasmup::detail
