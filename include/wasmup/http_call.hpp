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
#include <wasmup/grammar.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// Headers of the request that travel with a call-out: `.forward = *headers.all()`. Left out is what belongs
/// to the client's own message or connection (pseudo-headers, host, content-length, the connection-specific
/// ones and those that `connection` names, expect, trailer, proxy-authorization), what would steer Envoy
/// (x-envoy-...), and each header that the call itself has.
class ForwardedHeaders {
 public:
  constexpr ForwardedHeaders() = default;
  /// All of them. They must live until the call has been made.
  ForwardedHeaders(const PairList& all WASMUP_DETAIL_LIFETIME_BOUND) : all_(&all) {}
  /// Those of these names.
  ForwardedHeaders(const PairList& all WASMUP_DETAIL_LIFETIME_BOUND,
                   std::initializer_list<std::string_view> names)
      : all_(&all), names_(names), has_names_(true) {}

  size_t size() const { return all_ != nullptr ? all_->size() : 0; }
  void add_to(detail::PairArray& headers) const;

 private:
  bool is_wanted(std::string_view name) const {
    for (const std::string_view wanted : names_) {
      if (detail::same_name(name, wanted)) return true;
    }
    return !has_names_;
  }
  bool is_named_by_connection(std::string_view name) const;

  const PairList* all_ = nullptr;
  const std::initializer_list<std::string_view> names_ = {};  // lives only where the call is made
  bool has_names_ = false;
};

/// A request that the filter makes by itself. What has no default must be given, or it does not compile.
struct HttpCall {
  Required cluster;  ///< the name of a cluster in Envoy's configuration
  Method method;
  Authority authority;  ///< the service's own name, not its cluster's
  Path path;
  Timeout timeout;
  const std::initializer_list<Header> headers = {};  ///< only where the call is made
  std::span<const Header> more_headers = {};         ///< those whose number is not known when compiling
  ForwardedHeaders forward = {};                     ///< of the request that is asked about
  std::string_view body = {};                        ///< with one, Envoy adds content-length
  const std::initializer_list<Header> trailers = {};
};

inline bool ForwardedHeaders::is_named_by_connection(std::string_view name) const {
  for (const PairView pair : *all_) {
    if (!detail::same_name(pair.name, "connection")) continue;
    std::string_view rest = pair.value;
    while (!rest.empty()) {
      std::string_view one = rest.substr(0, rest.find(','));
      rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : one.size());
      while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
      while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
      if (detail::same_name(one, name)) return true;
    }
  }
  return false;
}

inline void ForwardedHeaders::add_to(detail::PairArray& headers) const {
  if (all_ == nullptr) return;
  const size_t own = headers.size();
  for (const PairView pair : *all_) {
    if (!AddedHeaderName::check(pair.name) || !is_wanted(pair.name)) continue;
    if (headers.has(pair.name, own) || is_named_by_connection(pair.name)) continue;
    bool stays = pair.name.size() >= 8 && detail::same_name(pair.name.substr(0, 8), "x-envoy-");
    for (const std::string_view name : {"expect", "trailer", "proxy-authorization"}) {
      if (detail::same_name(pair.name, name)) stays = true;
    }
    if (!stays) headers.add(pair.name, pair.value, HeaderValue(pair.value).valid());
  }
}

namespace detail {

/// Sends the call and keeps the handler until the answer comes.
inline Result<> send_http_call(const HttpCall& call, Handler<HttpAnswer>* handler) {
  if (handler == nullptr) return Status::bad_argument;
  PairArray headers(3 + call.headers.size() + call.more_headers.size() + call.forward.size());
  headers.add(":method", call.method.text(), call.method.valid());
  headers.add(":path", call.path.text(), call.path.valid());
  headers.add(":authority", call.authority.text(), call.authority.valid());
  headers.add(call.headers);
  headers.add(call.more_headers);
  call.forward.add_to(headers);
  PairArray trailers(call.trailers.size());
  trailers.add(call.trailers);
  const Result<Bytes> sent_headers = headers.encode();
  const Result<Bytes> sent_trailers = trailers.encode();
  Status status = !sent_headers ? sent_headers.status() : sent_trailers.status();
  uint32_t token = 0;
  if (!call.timeout.valid() || !call.cluster.valid()) status = Status::bad_argument;
  if (status == Status::ok) {
    const std::string_view cluster = call.cluster.text();
    status = abi::proxy_http_call(cluster.data(), cluster.size(), sent_headers->data(), sent_headers->size(),
                                  call.body.data(), call.body.size(), sent_trailers->data(),
                                  sent_trailers->size(), call.timeout.milliseconds(), &token);
  }
  if (status != Status::ok) {
    handler->run(handler, nullptr);
    return status;
  }
  pending_http_calls.insert(token, handler);
  return Status::ok;
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
    for (const char digit : text->view().substr(0, 3)) {
      if (digit < '0' || digit > '9') return 0;
      number = 10 * number + static_cast<uint32_t>(digit - '0');
    }
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
/// or a member function `void Filter::on_answer(wasmup::HttpCallResponse)`. `asking` is `*this`, in a filter
/// or a root context, or in a base class or a member of one. While the handler runs, the asking stream's data
/// is at hand as far as it is held back, and `continue_request`, `send_local_response` and their like act on
/// that stream: answer `HeadersAction::hold_all` from the callback that asks, and go on from here. When the
/// stream is gone before the answer comes, the handler is dropped. Several calls may be under way at once.
///
/// `Status::bad_argument`: Envoy has no such cluster; the method, authority, path, a header or the time-out
/// is not valid; `asking` is no part of a filter or root context. `Status::internal_failure`: it could not be
/// sent: the cluster is empty, or too much is under way already. Either way the handler never runs: a request
/// held for it must go on by itself. proxy_http_call, proxy_on_http_call_response.
template <class Asking, class Handler>
  requires std::invocable<Handler&, Asking&, HttpCallResponse> || std::is_member_function_pointer_v<Handler>
inline Result<> http_call(Asking& asking, const HttpCall& call, Handler handler) {
  detail::take_in<detail::ExportHttpCallResponse, Asking>();
  return detail::send_http_call(
      call, detail::make_handler<detail::HttpAnswer>(
                asking, [handler = std::move(handler)](Asking& self, const detail::HttpAnswer& answer) {
                  detail::invoke(handler, self, HttpCallResponse(answer));
                  return true;
                }));
}

}  // namespace wasmup
