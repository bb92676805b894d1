// SPDX-License-Identifier: MIT
#pragma once

#include <wasmup/abi.hpp>
#include <wasmup/detail/stream_flow.hpp>
#include <wasmup/result.hpp>

/// Letting go on what a callback held back, and ending what should not go on. Each acts on the stream whose
/// callback runs, or, in the answer to a call-out and in StreamHandle::run, on the stream that is meant
/// there; and each takes effect once the running callback has returned.
///
/// What would end Envoy is refused with `Status::bad_argument`, before the host is called: anything after a
/// local response or a reset of the same message, and in on_log, on_done and a destructor; letting go of what
/// is not held. `docs/fidelity.md` has the list.
namespace wasmup {

/// The request goes on: headers held back go to the next filter, and callbacks come again for what was not
/// seen yet. From here on the request's data cannot be read or changed: do that before. In a callback of the
/// request itself, the callback then counts as one that answered `continue_iteration`.
/// `Status::bad_argument` when the filter does not hold the request. proxy_continue_stream.
inline Result<> continue_request() { return detail::continue_message<true>(); }

/// The same for the response. proxy_continue_stream.
inline Result<> continue_response() { return detail::continue_message<false>(); }

/// Cuts an HTTP stream off: the client sees a reset (HTTP/2) or a closed connection (HTTP/1.1), not an
/// answer. `Status::bad_argument` after a local response, a second time, and at the stream's end.
/// proxy_close_stream.
inline Result<> reset_stream() {
  if (!detail::acts_on_stream() || detail::is_settled()) return Status::bad_argument;
  const Status status = abi::proxy_close_stream(abi::StreamType::request);
  if (status == Status::ok) detail::settle(true);
  return status;
}

/// What is held of a TCP connection goes on: a connection that on_new_connection held, or the client's bytes
/// that on_downstream_data held; these without another callback. (There is no such thing for the upstream's:
/// Envoy cannot continue those.) `Status::bad_argument` once the connection is closed. proxy_continue_stream.
inline Result<> continue_downstream() {
  if (!detail::acts_on_stream() || detail::is_settled()) return Status::bad_argument;
  return abi::proxy_continue_stream(abi::StreamType::downstream);
}

/// Closes a TCP connection, both sides of it, after what is already on its way to the client. The bytes of
/// the callback that runs, and what was held, go nowhere. `Status::bad_argument` a second time, and at the
/// connection's end. proxy_close_stream.
inline Result<> close_downstream() {
  if (!detail::acts_on_stream() || detail::is_settled()) return Status::bad_argument;
  const Status status = abi::proxy_close_stream(abi::StreamType::downstream);
  if (status == Status::ok) detail::settle(true);
  return status;
}

/// The same by another name: Envoy closes the client's connection either way. proxy_close_stream.
inline Result<> close_upstream() {
  if (!detail::acts_on_stream() || detail::is_settled()) return Status::bad_argument;
  const Status status = abi::proxy_close_stream(abi::StreamType::upstream);
  if (status == Status::ok) detail::settle(true);
  return status;
}

/// A root context that answered false in on_done has finished now; its destructor follows.
/// `Status::not_found` when it has not been asked. proxy_done.
inline Result<> done() { return abi::proxy_done(); }

}  // namespace wasmup
