// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/body.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/call_options.hpp>
#include <wasmup/detail/call_exports.hpp>
#include <wasmup/detail/handlers.hpp>
#include <wasmup/detail/pair_array.hpp>
#include <wasmup/detail/pending_calls.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// A request that the filter makes by itself. What has no default must be given, or it does not compile.
struct HttpCall {
  Required cluster;  ///< the name of a cluster in Envoy's configuration
  HeaderValue method;
  HeaderValue authority;
  HeaderValue path;
  Timeout timeout;
  std::initializer_list<Header> headers = {};
  std::span<const Header> more_headers = {};  ///< those whose number is not known when compiling
  std::string_view body = {};                 ///< with one, Envoy adds content-length
  std::initializer_list<Header> trailers = {};
};

namespace detail {

/// Sends the call and keeps the handler until the answer comes.
inline Result<> send_http_call(const HttpCall& call, uint32_t context, Handler<HttpAnswer>* handler) {
  PairArray headers(3 + call.headers.size() + call.more_headers.size());
  headers.add(":method", call.method);
  headers.add(":path", call.path);
  headers.add(":authority", call.authority);
  headers.add(call.headers);
  headers.add(call.more_headers);
  PairArray trailers(call.trailers.size());
  trailers.add(call.trailers);
  const Result<Bytes> sent_headers = headers.encode();
  const Result<Bytes> sent_trailers = trailers.encode();
  Status status = !sent_headers ? sent_headers.status() : sent_trailers.status();
  uint32_t token = 0;
  if (!call.timeout.valid()) status = Status::bad_argument;
  if (status == Status::ok) {
    const std::string_view cluster = call.cluster.text();
    status = abi::proxy_http_call(cluster.data(), cluster.size(), sent_headers->data(), sent_headers->size(),
                                  call.body.data(), call.body.size(), sent_trailers->data(),
                                  sent_trailers->size(), call.timeout.milliseconds(), &token);
  }
  if (status != Status::ok) {
    handler->run(handler, context, 0, nullptr);
    return status;
  }
  return pending_http_calls.insert(token, context, handler) ? Status::ok : Status::internal_failure;
}

}  // namespace detail

/// What came of an HttpCall; to be read in its handler only.
///
/// A cluster that cannot be reached, or does not answer, and a time-out are answers too, made by Envoy: 503
/// and 504. `failed()` is an answer that broke off after its headers.
class HttpCallResponse {
 public:
  explicit HttpCallResponse(const detail::HttpAnswer& answer) : answer_(answer) {}

  /// Whether no answer came at all. Then there are no headers, and no body.
  bool failed() const { return answer_.header_count == 0; }

  /// The HTTP status; 0 when no answer came.
  uint32_t status() const {
    const Result<Bytes> text = headers().get(":status");
    uint32_t number = 0;
    for (const char digit : text->view()) number = 10 * number + static_cast<uint32_t>(digit - '0');
    return number;
  }

  HeaderView<abi::MapType::call_headers> headers() const { return {}; }
  HeaderView<abi::MapType::call_trailers> trailers() const { return {}; }

  size_t body_size() const { return answer_.body_size; }
  /// Up to `max` bytes of the body from `offset` on. proxy_get_buffer_bytes.
  Result<Bytes> body(size_t offset = 0, size_t max = std::numeric_limits<uint32_t>::max()) const {
    if (answer_.body_size == 0) return Bytes();
    return Body<abi::BufferType::call_body>(answer_.body_size).read(offset, max);
  }

 private:
  detail::HttpAnswer answer_;
};

/// Makes a request and gives its answer to `handler`, a callable of the shape
///
///     void (Filter& filter, wasmup::HttpCallResponse response)
///
/// or a member function `void Filter::on_answer(wasmup::HttpCallResponse)`. `asking` is `*this`, of a filter
/// or a root context, as the type that is registered and not as a base class of that. While the handler runs,
/// the asking stream's data is at hand as far as it is held back, and `continue_request`,
/// `send_local_response` and their like act on that stream: answer `HeadersAction::hold_all` from the
/// callback that asks, and go on from here. When the stream is gone before the answer comes, the handler is
/// dropped. Several calls may be under way at once.
///
/// `Status::bad_argument`: Envoy has no such cluster, or a header or the time-out is not valid;
/// `Status::internal_failure`: it could not be sent. Either way the handler never runs: a request held for it
/// must go on by itself. proxy_http_call, proxy_on_http_call_response.
template <class Asking, class Handler>
  requires std::invocable<Handler&, Asking&, HttpCallResponse> || std::is_member_function_pointer_v<Handler>
inline Result<> http_call(Asking& asking, const HttpCall& call, Handler handler) {
  detail::take_in<detail::ExportHttpCallResponse, Asking>();
  return detail::send_http_call(
      call, detail::context_id(asking),
      detail::make_handler<detail::HttpAnswer>(
          asking, [handler = std::move(handler)](Asking& self, uint32_t, const detail::HttpAnswer& answer) {
            detail::invoke(handler, self, HttpCallResponse(answer));
            return true;
          }));
}

}  // namespace wasmup
