// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/body.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/detail/local.hpp>
#include <wasmup/detail/stream_flow.hpp>
#include <wasmup/filter.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/log.hpp>
#include <wasmup/shared_queue.hpp>

/// Which callbacks a filter declares, whether they have the right shape, and how each is called.
namespace wasmup::detail {

/// One type a callback. `is_declared<T>` sees a member of that name whatever its type and access: were T to
/// have one, the name would be ambiguous in Both. So a callback that is there but cannot be called is an
/// error, never silence.
namespace callback {

#define WASMUP_DETAIL_CALLBACK_AS(tag, name, signature)                                                 \
  struct WASMUP_DETAIL_LOCAL tag {                                                                      \
    struct Name {                                                                                       \
      int name;                                                                                         \
    };                                                                                                  \
    template <class T, bool is_final = std::is_final_v<T>>                                              \
    struct Both : T, Name {};                                                                           \
    template <class T>                                                                                  \
    struct Both<T, true> : Name {}; /* refused by check_unit, with the reason */                        \
    template <class T>                                                                                  \
    static constexpr bool is_declared = !requires { &Both<T>::name; };                                  \
    template <class T, class... Arguments>                                                              \
      requires requires(T& object, Arguments&&... arguments) {                                          \
        object.name(static_cast<Arguments&&>(arguments)...);                                            \
      }                                                                                                 \
    static decltype(auto) call(T& object, Arguments&&... arguments) {                                   \
      return object.name(static_cast<Arguments&&>(arguments)...);                                       \
    }                                                                                                   \
    template <class T, bool is_callable>                                                                \
    static constexpr bool check() {                                                                     \
      static_assert(!is_declared<T> || is_callable, #name " must be public and look like: " signature); \
      return is_declared<T>;                                                                            \
    }                                                                                                   \
  };

#define WASMUP_DETAIL_CALLBACK(name, signature) WASMUP_DETAIL_CALLBACK_AS(name, name, signature)

WASMUP_DETAIL_CALLBACK(on_vm_start, "bool on_vm_start(wasmup::Bytes vm_configuration)")
WASMUP_DETAIL_CALLBACK(on_configure, "bool on_configure(wasmup::Bytes plugin_configuration)")
WASMUP_DETAIL_CALLBACK(on_tick, "void on_tick()")
WASMUP_DETAIL_CALLBACK(on_queue_ready, "void on_queue_ready(wasmup::SharedQueue)")
WASMUP_DETAIL_CALLBACK(on_foreign_function,
                       "void on_foreign_function(uint32_t function, wasmup::Bytes arguments)")
WASMUP_DETAIL_CALLBACK_AS(on_root_done, on_done, "bool on_done(), in a root context")
WASMUP_DETAIL_CALLBACK_AS(on_stream_done, on_done, "void on_done(), in a filter")
WASMUP_DETAIL_CALLBACK_AS(on_http_log, on_log, "void on_log(wasmup::AccessLog)")
WASMUP_DETAIL_CALLBACK_AS(on_tcp_log, on_log, "void on_log(), in a TcpFilter")
WASMUP_DETAIL_CALLBACK(
    on_request_headers,
    "HeadersAction (or void) on_request_headers(wasmup::RequestHeaders[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_request_body,
                       "BodyAction (or void) on_request_body(wasmup::RequestBody[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_whole_request_body,
                       "BodyAction (or void) on_whole_request_body(wasmup::RequestBody)")
WASMUP_DETAIL_CALLBACK(wants_whole_request_body,
                       "bool wants_whole_request_body(wasmup::RequestHeaders), beside on_whole_request_body")
WASMUP_DETAIL_CALLBACK(on_request_trailers,
                       "TrailersAction (or void) on_request_trailers(wasmup::RequestTrailers)")
WASMUP_DETAIL_CALLBACK(
    on_response_headers,
    "HeadersAction (or void) on_response_headers(wasmup::ResponseHeaders[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_response_body,
                       "BodyAction (or void) on_response_body(wasmup::ResponseBody[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_whole_response_body,
                       "BodyAction (or void) on_whole_response_body(wasmup::ResponseBody)")
WASMUP_DETAIL_CALLBACK(
    wants_whole_response_body,
    "bool wants_whole_response_body(wasmup::ResponseHeaders), beside on_whole_response_body")
WASMUP_DETAIL_CALLBACK(on_response_trailers,
                       "TrailersAction (or void) on_response_trailers(wasmup::ResponseTrailers)")
WASMUP_DETAIL_CALLBACK(on_new_connection, "ConnectionAction (or void) on_new_connection()")
WASMUP_DETAIL_CALLBACK(
    on_downstream_data,
    "DataAction (or void) on_downstream_data(wasmup::DownstreamData[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_upstream_data,
                       "DataAction (or void) on_upstream_data(wasmup::UpstreamData[, bool end_of_stream])")
WASMUP_DETAIL_CALLBACK(on_downstream_close, "void on_downstream_close(wasmup::PeerType by)")
WASMUP_DETAIL_CALLBACK(on_upstream_close, "void on_upstream_close(wasmup::PeerType by)")

#undef WASMUP_DETAIL_CALLBACK
#undef WASMUP_DETAIL_CALLBACK_AS

}  // namespace callback

template <class Callback, class Result, class T, class... Arguments>
concept CallableAs = requires(T& object, Arguments... arguments) {
  { Callback::call(object, static_cast<Arguments&&>(arguments)...) } -> std::same_as<Result>;
};

template <class Callback, class Action, class T, class... Arguments>
concept StreamCallback =
    CallableAs<Callback, Action, T, Arguments...> || CallableAs<Callback, void, T, Arguments...>;

template <class T>
struct RootOfImplementation {
  using type = void;
};
template <std::derived_from<RootContext> T>
struct RootOfImplementation<T> {
  using type = T;
};
template <class T>
  requires requires { typename T::RootType; }
struct RootOfImplementation<T> {
  using type = typename T::RootType;
};

/// The root context's type of a unit: itself, the one its filter names, or void.
template <class Unit>
using RootOf = typename RootOfImplementation<Unit>::type;

template <class Unit>
constexpr bool is_http = std::derived_from<Unit, HttpFilter<>>;
template <class Unit>
constexpr bool is_tcp = std::derived_from<Unit, TcpFilter<>>;
template <class Unit>
constexpr bool has_root = !std::is_void_v<RootOf<Unit>>;
template <class Unit>
constexpr bool is_filter = !std::derived_from<Unit, RootContext>;
/// Whether a stream needs an object that lasts.
template <class Unit>
constexpr bool is_stored = is_filter<Unit> && !std::is_empty_v<Unit>;
/// Whether the filter's on_response_headers may hold the headers that a body callback then still finds.
template <class Unit>
constexpr bool may_hold_seen_response = [] {
  if constexpr (is_http<Unit>) {
    return requires(Unit& unit) {
      { unit.on_response_headers(ResponseHeaders()) } -> std::same_as<HeadersAction>;
    } || requires(Unit& unit) {
      { unit.on_response_headers(ResponseHeaders(), true) } -> std::same_as<HeadersAction>;
    };
  } else {
    return false;
  }
}();
/// Whether the filter must know its streams apart from its roots, or something of them from one callback to
/// the next.
template <class Unit>
constexpr bool needs_context =
    has_root<Unit> || is_stored<Unit> || (is_filter<Unit> && callback::on_stream_done::is_declared<Unit>) ||
    callback::wants_whole_request_body::is_declared<Unit> ||
    callback::wants_whole_response_body::is_declared<Unit> ||
    (may_hold_seen_response<Unit> &&
     (callback::on_response_body::is_declared<Unit> || callback::on_whole_response_body::is_declared<Unit> ||
      callback::on_response_trailers::is_declared<Unit>));

template <size_t count>
constexpr bool any(const bool (&values)[count]) {
  for (const bool value : values) {
    if (value) return true;
  }
  return false;
}

template <class Root>
constexpr bool check_root() {
  static_assert(!std::is_final_v<Root>, "a root context must not be final: its callbacks could not be found");
  using namespace callback;
  const bool declared[] = {
      on_vm_start::check<Root, CallableAs<on_vm_start, bool, Root, Bytes>>(),
      on_configure::check<Root, CallableAs<on_configure, bool, Root, Bytes>>(),
      on_tick::check<Root, CallableAs<on_tick, void, Root>>(),
      on_queue_ready::check<Root, CallableAs<on_queue_ready, void, Root, SharedQueue>>(),
      on_foreign_function::check<Root, CallableAs<on_foreign_function, void, Root, uint32_t, Bytes>>(),
      on_http_log::check<Root, CallableAs<on_http_log, void, Root, AccessLog>>(),
      on_root_done::check<Root, CallableAs<on_root_done, bool, Root>>(),
  };
  return any(declared);
}

template <class Callback, class Action, class Filter, class Argument>
constexpr bool check_once() {
  return Callback::template check<Filter, StreamCallback<Callback, Action, Filter, Argument>>();
}

template <class Callback, class Action, class Filter, class Argument>
constexpr bool check_each() {
  return Callback::template check<Filter, StreamCallback<Callback, Action, Filter, Argument> ||
                                              StreamCallback<Callback, Action, Filter, Argument, bool>>();
}

template <class Filter>
constexpr bool check_http_filter() {
  static_assert(!std::is_final_v<Filter>, "a filter must not be final: its callbacks could not be found");
  using namespace callback;
  const bool declared[] = {
      check_each<on_request_headers, HeadersAction, Filter, RequestHeaders>(),
      check_each<on_request_body, BodyAction, Filter, RequestBody>(),
      check_once<on_whole_request_body, BodyAction, Filter, RequestBody>(),
      check_once<on_request_trailers, TrailersAction, Filter, RequestTrailers>(),
      check_each<on_response_headers, HeadersAction, Filter, ResponseHeaders>(),
      check_each<on_response_body, BodyAction, Filter, ResponseBody>(),
      check_once<on_whole_response_body, BodyAction, Filter, ResponseBody>(),
      check_once<on_response_trailers, TrailersAction, Filter, ResponseTrailers>(),
      on_http_log::check<Filter, CallableAs<on_http_log, void, Filter, AccessLog>>(),
      on_stream_done::check<Filter, CallableAs<on_stream_done, void, Filter>>(),
  };
  constexpr bool wants_request =
      wants_whole_request_body::check<Filter,
                                      CallableAs<wants_whole_request_body, bool, Filter, RequestHeaders> &&
                                          on_whole_request_body::is_declared<Filter>>();
  constexpr bool wants_response =
      wants_whole_response_body::check<Filter,
                                       CallableAs<wants_whole_response_body, bool, Filter, ResponseHeaders> &&
                                           on_whole_response_body::is_declared<Filter>>();
  static_cast<void>(wants_request || wants_response);
  static_assert(
      !(on_request_body::is_declared<Filter> && on_whole_request_body::is_declared<Filter>),
      "on_request_body and on_whole_request_body exclude each other: the body is held back, or it is not");
  static_assert(
      !(on_response_body::is_declared<Filter> && on_whole_response_body::is_declared<Filter>),
      "on_response_body and on_whole_response_body exclude each other: the body is held back, or it is not");
  return any(declared);
}

template <class Filter>
constexpr bool check_tcp_filter() {
  static_assert(!std::is_final_v<Filter>, "a filter must not be final: its callbacks could not be found");
  using namespace callback;
  const bool declared[] = {
      on_new_connection::check<Filter, StreamCallback<on_new_connection, ConnectionAction, Filter>>(),
      check_each<on_downstream_data, DataAction, Filter, DownstreamData>(),
      check_each<on_upstream_data, DataAction, Filter, UpstreamData>(),
      on_downstream_close::check<Filter, CallableAs<on_downstream_close, void, Filter, PeerType>>(),
      on_upstream_close::check<Filter, CallableAs<on_upstream_close, void, Filter, PeerType>>(),
      on_tcp_log::check<Filter, CallableAs<on_tcp_log, void, Filter>>(),
      on_stream_done::check<Filter, CallableAs<on_stream_done, void, Filter>>(),
  };
  return any(declared);
}

/// Whether the compiler spells the type with an anonymous namespace: then its exports stay within the file,
/// and the module would do nothing at all.
template <class Unit>
constexpr bool is_anonymous() {
  const std::string_view name = __PRETTY_FUNCTION__;
  return name.find("(anonymous") != std::string_view::npos ||
         name.find("{anonymous}") != std::string_view::npos;
}

/// Refuses, with the reason, whatever cannot be registered.
template <class Unit>
constexpr bool check_unit() {
  static_assert(
      !is_anonymous<Unit>(),
      "a filter in an anonymous namespace cannot be exported: take it out of there, or name the namespace");
  bool declares_any = false;
  if constexpr (has_root<Unit>) {
    static_assert(std::derived_from<RootOf<Unit>, RootContext>,
                  "a root context derives from wasmup::RootContext");
    static_assert(std::is_default_constructible_v<RootOf<Unit>>,
                  "a root context is constructed without arguments");
    declares_any = check_root<RootOf<Unit>>() || declares_any;
  }
  if constexpr (is_filter<Unit>) {
    static_assert(is_http<Unit> || is_tcp<Unit>,
                  "a filter derives from wasmup::HttpFilter<> or wasmup::TcpFilter<>");
    static_assert(!is_http<Unit> || !is_tcp<Unit>, "a filter is for HTTP or for TCP: make it two");
    static_assert(std::is_default_constructible_v<Unit>, "a filter is constructed without arguments");
    if constexpr (is_http<Unit>) declares_any = check_http_filter<Unit>() || declares_any;
    if constexpr (is_tcp<Unit>) declares_any = check_tcp_filter<Unit>() || declares_any;
  }
  return declares_any;
}

/// Calls a stream callback with the arguments it takes; no action returned is 0, "continue".
template <class Callback, class Filter, class... Arguments>
uint32_t call_with(Filter& filter, Arguments... arguments) {
  if constexpr (std::is_void_v<decltype(Callback::call(filter, arguments...))>) {
    Callback::call(filter, arguments...);
    return 0;
  } else {
    return static_cast<uint32_t>(Callback::call(filter, arguments...));
  }
}

/// Calls a stream callback in whichever of its shapes the filter has. One of another shape has been refused
/// by check_unit: nothing here adds to that message.
template <class Callback, class Filter, class Argument>
uint32_t call_stream(Filter& filter, Argument argument, [[maybe_unused]] bool end_of_stream) {
  if constexpr (requires { Callback::call(filter, argument, end_of_stream); }) {
    return call_with<Callback>(filter, argument, end_of_stream);
  } else if constexpr (requires { Callback::call(filter, argument); }) {
    return call_with<Callback>(filter, argument);
  } else {
    return 0;
  }
}

/// The same for one without arguments, or with one that says nothing of a stream's end.
template <class Callback, class Filter, class... Arguments>
uint32_t call_if_declared(Filter& filter, Arguments... arguments) {
  if constexpr (requires { Callback::call(filter, arguments...); } &&
                Callback::template is_declared<Filter>) {
    return call_with<Callback>(filter, arguments...);
  } else {
    return 0;
  }
}

/// What the callback that has just run made of its message: a message let go in it is not held.
inline uint32_t verdict(uint32_t action) { return std::exchange(acting.was_let_go, false) ? 0 : action; }

/// A local response in place of a message that the filter must see and cannot. Where the response has left
/// already, it is cut.
[[gnu::noinline]] inline uint32_t refuse_message(uint32_t status, std::string_view why) {
  log::error(why);
  abi::proxy_send_local_response(status, nullptr, 0, nullptr, 0, nullptr, 0, abi::no_grpc_status);
  settle(false);
  return static_cast<uint32_t>(HeadersAction::hold_all);
}

/// One direction of a stream: how its three host callbacks reach the filter's.
template <bool is_request, class OnHeaders, class OnBody, class OnWholeBody, class WantsWholeBody,
          class OnTrailers, class HeadersType, class BodyType, class TrailersType>
struct WASMUP_DETAIL_LOCAL Direction {
  template <class Filter>
  static constexpr bool takes_whole_body = OnWholeBody::template is_declared<Filter>;
  template <class Filter>
  static constexpr bool needs_headers = OnHeaders::template is_declared<Filter> || takes_whole_body<Filter>;
  template <class Filter>
  static constexpr bool needs_body = OnBody::template is_declared<Filter> || takes_whole_body<Filter>;
  template <class Filter>
  static constexpr bool needs_trailers = OnTrailers::template is_declared<Filter> || takes_whole_body<Filter>;

  static constexpr Phase headers_phase = is_request ? Phase::request_headers : Phase::response_headers;
  static constexpr Phase body_phase = is_request ? Phase::request_body : Phase::response_body;
  static constexpr Phase trailers_phase = is_request ? Phase::request_trailers : Phase::response_trailers;

  template <class Filter>
  static uint32_t headers(Filter& filter, bool end_of_stream) {
    acting.ends_with_headers = end_of_stream;
    if constexpr (!is_request) begin_response();
    uint32_t action = 0;
    if constexpr (OnHeaders::template is_declared<Filter>) {
      action = verdict(call_stream<OnHeaders>(filter, HeadersType(), end_of_stream));
    }
    if constexpr (takes_whole_body<Filter>) action = prepare_whole_body(filter, action, end_of_stream);
    note_action<is_request>(action);
    // A body that is gathered after it was held would stop at the limit of Envoy's buffer without an answer,
    // were the sender slowed down meanwhile.
    if (may_gather<Filter> && action == static_cast<uint32_t>(HeadersAction::hold_all))
      return stop_and_buffer;
    return action;
  }

  template <class Filter>
  static uint32_t body(Filter& filter, size_t size, bool end_of_stream) {
    uint32_t action = 0;
    if constexpr (!is_request && !may_hold_seen_response<Filter>) flow_at_hand() |= flow_response_left;
    if constexpr (takes_whole_body<Filter>) {
      if (is_skipped<Filter>()) return 0;
      if (!end_of_stream) return static_cast<uint32_t>(BodyAction::buffer);
      action = see_whole_body(filter, size);
    } else if constexpr (OnBody::template is_declared<Filter>) {
      action = verdict(call_stream<OnBody>(filter, BodyType(size), end_of_stream));
      if constexpr (may_gather<Filter>) action = check_gathering(action);
    }
    note_action<is_request>(action);
    return action;
  }

  template <class Filter>
  static uint32_t trailers(Filter& filter) {
    uint32_t action = 0;
    if constexpr (!is_request && !may_hold_seen_response<Filter>) flow_at_hand() |= flow_response_left;
    if constexpr (takes_whole_body<Filter>) {
      if (!is_skipped<Filter>()) {
        // A body that trailers follow ends without an end of stream of its own; what was held back is at hand
        // here.
        size_t size = 0;
        uint32_t flags = 0;
        if (abi::proxy_get_buffer_status(buffer, &size, &flags) != Status::ok) {
          return refuse_message(500, "a body is not at hand, and does not pass unseen");
        }
        if (see_whole_body(filter, size) != 0) action = static_cast<uint32_t>(TrailersAction::hold);
        if (is_settled()) return action;
      }
    }
    if constexpr (OnTrailers::template is_declared<Filter>) {
      const uint32_t own = verdict(call_stream<OnTrailers>(filter, TrailersType(), true));
      if (own != 0) action = own;
    }
    // Envoy does not survive response trailers that go on after a reset.
    if constexpr (!is_request) {
      if (is_settled()) return static_cast<uint32_t>(TrailersAction::hold);
    }
    note_action<is_request>(action);
    return action;
  }

  /// The whole-body callback, of a body of so many bytes: 0 where the message goes on.
  template <class Filter>
  static uint32_t see_whole_body(Filter& filter, size_t size) {
    return verdict(call_stream<OnWholeBody>(filter, BodyType(size), true));
  }

 private:
  static constexpr abi::BufferType buffer =
      is_request ? abi::BufferType::request_body : abi::BufferType::response_body;
  static constexpr uint16_t held = is_request ? flow_request_held : flow_response_held;
  static constexpr uint16_t unseen = is_request ? flow_request_unseen : flow_response_unseen;
  static constexpr uint16_t skipped = is_request ? flow_request_skipped : flow_response_skipped;
  static constexpr uint16_t watermark =
      is_request ? flow_request_held_watermark : flow_response_held_watermark;
  /// The answer to headers by which Envoy holds all and answers 413 or 500 past its limit.
  static constexpr uint32_t stop_and_buffer = 3;

  /// Whether the filter may gather a body: it takes it whole, or its body callback gives an action.
  template <class Filter>
  static constexpr bool may_gather =
      takes_whole_body<Filter> || CallableAs<OnBody, BodyAction, Filter, BodyType> ||
      CallableAs<OnBody, BodyAction, Filter, BodyType, bool>;

  template <class Filter>
  static bool is_skipped() {
    if constexpr (WantsWholeBody::template is_declared<Filter>) {
      return (flow_at_hand() & skipped) != 0;
    } else {
      return false;
    }
  }

  /// What becomes of the headers of a message whose body the filter takes whole.
  template <class Filter>
  static uint32_t prepare_whole_body(Filter& filter, uint32_t action, bool end_of_stream) {
    if (is_settled()) return action;
    if constexpr (WantsWholeBody::template is_declared<Filter>) {
      const bool is_wanted = WantsWholeBody::call(filter, HeadersType());
      if (is_settled()) return action;
      if (!is_wanted) {
        flow_at_hand() |= skipped;
        return action;
      }
    } else {
      if (!end_of_stream && is_upgrade()) {
        return refuse_message(
            is_request ? 501 : 502,
            "an upgraded connection has no end, and does not pass a filter of whole bodies");
      }
    }
    if (!end_of_stream) return action;
    // No body callback comes for a message without a body: this is the place for it. Headers that wait for
    // the body go on with it; where all is held, it is seen when the message goes on.
    if (action <= static_cast<uint32_t>(HeadersAction::hold_headers)) {
      return see_whole_body(filter, 0) != 0 ? static_cast<uint32_t>(HeadersAction::hold_all) : 0;
    }
    flow_at_hand() |= unseen;
    return action;
  }

  static bool is_upgrade() {
    if constexpr (is_request) {
      return HeadersType().get("upgrade") || *HeadersType().get(":method") == "CONNECT";
    } else {
      return *HeadersType().get(":status") == "101";
    }
  }

  /// Envoy no longer reads what a sender that was slowed down has left, once the body is to be gathered: the
  /// client would wait for ever. So it is told at once.
  static uint32_t check_gathering(uint32_t action) {
    if (action == static_cast<uint32_t>(BodyAction::hold)) flow_at_hand() |= watermark;
    if (action != static_cast<uint32_t>(BodyAction::buffer) || (flow_at_hand() & watermark) == 0)
      return action;
    return refuse_message(500, "a body that a callback answered with hold cannot be gathered by buffer");
  }
};

using RequestDirection =
    Direction<true, callback::on_request_headers, callback::on_request_body, callback::on_whole_request_body,
              callback::wants_whole_request_body, callback::on_request_trailers, RequestHeaders, RequestBody,
              RequestTrailers>;
using ResponseDirection =
    Direction<false, callback::on_response_headers, callback::on_response_body,
              callback::on_whole_response_body, callback::wants_whole_response_body,
              callback::on_response_trailers, ResponseHeaders, ResponseBody, ResponseTrailers>;

/// One direction of a TCP connection.
template <class OnData, class DataType>
struct TcpDirection {
  template <class Filter>
  static constexpr bool needs_data = OnData::template is_declared<Filter>;

  template <class Filter>
  static uint32_t data(Filter& filter, size_t size, bool end_of_stream) {
    return call_stream<OnData>(filter, DataType(size), end_of_stream);
  }
};

using DownstreamDirection = TcpDirection<callback::on_downstream_data, DownstreamData>;
using UpstreamDirection = TcpDirection<callback::on_upstream_data, UpstreamData>;

}  // namespace wasmup::detail
