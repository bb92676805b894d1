// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace wasmup {

/// What becomes of a message after its headers callback. Returning void means `continue_iteration`.
enum class HeadersAction : uint32_t {
  /// Send the headers on.
  continue_iteration = 0,
  /// Hold the headers back but keep receiving the body. Envoy does so only with
  /// `allow_on_headers_stop_iteration`
  /// (1.35 and later; not to be had through Envoy Gateway); without it this is `hold_all`.
  hold_headers = 1,
  /// Hold headers, body and trailers back: no further callback until resumed. Meanwhile the sender is slowed
  /// down at Envoy's buffer limit (1 MiB; 32 KiB behind Envoy Gateway), unless the filter may gather the body
  /// later, by a whole-body callback or one that gives a BodyAction: then what is longer is answered by Envoy
  /// at once, a request with 413 and a response with 500.
  hold_all = 4,
};

/// What becomes of the bytes at hand after a body callback. Returning void means `continue_iteration`.
enum class BodyAction : uint32_t {
  /// Send them on.
  continue_iteration = 0,
  /// Hold them back and call again with these and what follows, up to Envoy's buffer limit. Beyond it Envoy
  /// answers a request with 413; of a response it answers 500 while the headers are held, and cuts it else.
  buffer = 1,
  /// Hold them back; the next call has the new bytes only. Once as much is held as the limit allows, no more
  /// comes until the message is let go. `buffer` after `hold` is refused: Envoy would not read on.
  hold = 2,
};

/// What becomes of a message after its trailers callback. Returning void means `continue_iteration`.
enum class TrailersAction : uint32_t { continue_iteration = 0, hold = 1 };

/// What becomes of a new TCP connection. Returning void means `continue_iteration`.
enum class ConnectionAction : uint32_t {
  continue_iteration = 0,
  /// Read nothing from the client, and do not connect to the upstream, until `continue_downstream()`. A
  /// client that leaves meanwhile goes unnoticed.
  hold = 1,
};

/// What becomes of the bytes of a TCP connection at hand. Returning void means `continue_iteration`.
enum class DataAction : uint32_t {
  /// Send them on.
  continue_iteration = 0,
  /// Hold them back and call again with these and what follows. The client's can also be let go from any
  /// callback, by `continue_downstream()`; the upstream's cannot, and are lost when held at their end. No
  /// callback comes any more once as much is held as the listener's per_connection_buffer_limit_bytes (1 MiB,
  /// if not set): close before that.
  hold = 1,
};

/// The base of what belongs to one plugin configuration: created when Envoy loads the configuration, on every
/// worker (and once more on the main thread, to try it out). Two may be alive at once while a configuration
/// changes, so keep the configuration here, in members, never in a global.
///
/// Declare what you need of:
///   bool on_vm_start(wasmup::Bytes vm_configuration);        // false: the module is not started
///   bool on_configure(wasmup::Bytes plugin_configuration);   // false: the configuration is refused
///   void on_tick();                                          // after set_tick_period()
///   void on_queue_ready(wasmup::SharedQueue queue);          // after SharedQueue::registered()
///   void on_log(wasmup::AccessLog log);                      // when the plugin is an access logger
///   void on_foreign_function(uint32_t function, wasmup::Bytes arguments);
///   bool on_done();    // no longer used; false: not finished yet, done() will say so
/// The end itself (proxy_on_delete) is the destructor.
struct RootContext {
  RootContext() = default;
  RootContext(const RootContext&) = delete;
  RootContext& operator=(const RootContext&) = delete;
};

template <class Root = void>
struct HttpFilter;
template <class Root = void>
struct TcpFilter;

namespace detail {

// Where a filter finds its root context while it is being constructed, so that members may be initialised
// from it.
inline constinit void* root_of_new_filter = nullptr;

}  // namespace detail

/// The base of an HTTP filter: one object a stream. A filter without data members is never stored: calls go
/// straight to its functions, and nothing is allocated, looked up or cleaned.
///
/// Declare what you need of (an argument `bool end_of_stream` may follow headers and bodies):
///   HeadersAction on_request_headers(wasmup::RequestHeaders);
///   BodyAction on_request_body(wasmup::RequestBody);
///   BodyAction on_whole_request_body(wasmup::RequestBody);
///   TrailersAction on_request_trailers(wasmup::RequestTrailers);
///   HeadersAction on_response_headers(wasmup::ResponseHeaders);
///   BodyAction on_response_body(wasmup::ResponseBody);
///   BodyAction on_whole_response_body(wasmup::ResponseBody);
///   TrailersAction on_response_trailers(wasmup::ResponseTrailers);
///   void on_log(wasmup::AccessLog log);   // complete; also when the request never reached the filter
///   void on_done();                       // after on_log
/// The end itself (proxy_on_delete) is the destructor.
///
/// The whole-body callbacks run once a message, with all of its body: also when it has none, or ends with
/// trailers. They do not run for a message that has been answered or reset, and for one that is held without
/// a body they run when it is let go. Which messages are wanted can be decided by
///   bool wants_whole_request_body(wasmup::RequestHeaders);    // false: the body passes unseen
///   bool wants_whole_response_body(wasmup::ResponseHeaders);
/// after the headers' callback. Where these are not declared, what has no end (an upgraded connection,
/// CONNECT) is answered with 501 or 502: it cannot be seen whole, and does not pass.
///
/// A member `static constexpr std::string_view root_id` makes the filter serve that root id only; without one
/// it serves any.
template <>
struct HttpFilter<void> {
  HttpFilter() = default;
  HttpFilter(const HttpFilter&) = delete;
  HttpFilter& operator=(const HttpFilter&) = delete;
};

/// The base of a TCP filter: one object a connection. As with HttpFilter, one without data members is never
/// stored.
///
/// Declare what you need of (an argument `bool end_of_stream` may follow data):
///   ConnectionAction on_new_connection();
///   DataAction on_downstream_data(wasmup::DownstreamData);   // from the client, once there is an upstream
///   DataAction on_upstream_data(wasmup::UpstreamData);       // from the upstream
///   void on_upstream_close(wasmup::PeerType by);     // after the upstream's last bytes; always `unknown`
///   void on_downstream_close(wasmup::PeerType by);   // `remote`: by the client; `local`: by Envoy
///   void on_done();                                  // after on_downstream_close, always
///   void on_log();                                   // after on_done
/// The end itself (proxy_on_delete) is the destructor.
template <>
struct TcpFilter<void> {
  TcpFilter() = default;
  TcpFilter(const TcpFilter&) = delete;
  TcpFilter& operator=(const TcpFilter&) = delete;
};

/// A filter with a root context of type `Root`, shared by the streams of one plugin configuration.
template <class Root>
struct HttpFilter : HttpFilter<> {
  using RootType = Root;

  /// The configuration's root context; usable from construction to the end.
  Root& root() const { return *root_; }

 private:
  Root* root_ = static_cast<Root*>(detail::root_of_new_filter);
};

/// The same for TCP.
template <class Root>
struct TcpFilter : TcpFilter<> {
  using RootType = Root;

  /// The configuration's root context; usable from construction to the end.
  Root& root() const { return *root_; }

 private:
  Root* root_ = static_cast<Root*>(detail::root_of_new_filter);
};

}  // namespace wasmup
