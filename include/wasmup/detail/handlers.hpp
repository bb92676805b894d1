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

/// `Function` is called with the object that asked and the event, and says whether that was the last.
template <class Event, class Asking, class Function>
struct BoundHandler : Handler<Event> {
  Asking* asking;  ///< null: a filter without data, which was never kept
  Function function;

  static bool run(Handler<Event>* self, const Event* event) {
    auto* const bound = static_cast<BoundHandler*>(self);
    if (event == nullptr) {
      delete bound;
      return true;
    }
    if constexpr (std::is_empty_v<Asking>) {
      Asking fresh;  // another one does as well
      return bound->function(bound->asking != nullptr ? *bound->asking : fresh, *event);
    } else {
      return bound->function(*bound->asking, *event);
    }
  }
};

/// The handler of what comes for `asking`; null when that belongs to no context.
template <class Event, class Asking, class Function>
Handler<Event>* make_handler(Asking& asking, Function function) {
  using Bound = BoundHandler<Event, Asking, Function>;
  const Context* const context = context_of(asking);
  if (context == nullptr) return nullptr;
  Asking* const lasting = context->holds(&asking) ? &asking : nullptr;
  return new Bound{
      {.run = &Bound::run, .context = {context->id, context->generation}}, lasting, std::move(function)};
}

}  // namespace wasmup::detail
