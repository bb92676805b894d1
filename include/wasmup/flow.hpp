// SPDX-License-Identifier: MIT
#pragma once

#include <wasmup/abi.hpp>
#include <wasmup/result.hpp>

/// Letting go on what a callback held back, and ending what should not go on. Each acts on the stream whose
/// callback runs, or, in the answer to a call-out and in StreamHandle::run, on the stream that is meant
/// there; and each takes effect once the running callback has returned.
namespace wasmup {

/// The request goes on: headers held back go to the next filter, and callbacks come again for what was not
/// seen yet. From here on the request's data cannot be read or changed: do that before.
/// proxy_continue_stream.
inline Result<> continue_request() { return abi::proxy_continue_stream(abi::StreamType::request); }

/// The response goes on: one that on_response_headers or on_response_body held. Only such a one. Of a stream
/// whose response has not begun, or in an on_response_headers that does not hold, it is the end of the whole
/// Envoy. proxy_continue_stream.
inline Result<> continue_response() { return abi::proxy_continue_stream(abi::StreamType::response); }

/// Cuts an HTTP stream off: the client sees a reset (HTTP/2) or a closed connection (HTTP/1.1), not an
/// answer. Once only, and not in on_log, on_done, a destructor or after a local response in a callback of the
/// response: a stream that ends twice is the end of the whole Envoy. proxy_close_stream.
inline Result<> reset_stream() { return abi::proxy_close_stream(abi::StreamType::request); }

/// What is held of a TCP connection goes on: a connection that on_new_connection held, or the client's bytes
/// that on_downstream_data held; these without another callback. (There is no such thing for the upstream's:
/// Envoy cannot continue those.) proxy_continue_stream.
inline Result<> continue_downstream() { return abi::proxy_continue_stream(abi::StreamType::downstream); }

/// Closes a TCP connection, both sides of it, after what is already on its way to the client. The bytes of
/// the callback that runs, and what was held, go nowhere. proxy_close_stream.
inline Result<> close_downstream() { return abi::proxy_close_stream(abi::StreamType::downstream); }

/// The same by another name: Envoy closes the client's connection either way. proxy_close_stream.
inline Result<> close_upstream() { return abi::proxy_close_stream(abi::StreamType::upstream); }

/// A root context that answered false in on_done has finished now; its destructor follows.
/// `Status::not_found` when it has not been asked. proxy_done.
inline Result<> done() { return abi::proxy_done(); }

}  // namespace wasmup
