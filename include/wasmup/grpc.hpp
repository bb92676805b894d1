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
#include <wasmup/detail/protobuf.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/result.hpp>

/// gRPC to a cluster of Envoy's: calls with one answer, and streams. Messages are bytes, as protobuf or
/// whatever the service speaks has encoded them, without gRPC's own framing.
namespace wasmup {

/// A call with one answer. What has no default must be given, or it does not compile.
struct GrpcCall {
  Required cluster;  ///< the name of a cluster in Envoy's configuration that speaks HTTP/2
  Required service;  ///< with its package: "grpc.health.v1.Health"
  Required method;   ///< "Check"
  Required message;
  Timeout timeout;
  const std::initializer_list<Header> metadata = {};
  std::span<const Header> more_metadata = {};  ///< whose number is not known when compiling
};

/// A stream to be opened; messages go through the GrpcStream that comes of it.
struct GrpcStreamCall {
  Required cluster;
  Required service;
  Required method;
  const std::initializer_list<Header> metadata = {};
  std::span<const Header> more_metadata = {};
};

/// The end of a call or stream; to be read in its handler only.
class GrpcStatus {
 public:
  explicit GrpcStatus(uint32_t code) : code_(code) {}
  bool ok() const { return code_ == 0; }
  /// As gRPC has them; 14 ("unavailable") is also a service that Envoy cannot reach, and a time-out, unless
  /// the answer had begun: then that is 13 ("internal"), as is one that broke off.
  uint32_t code() const { return code_; }
  /// The reason in words: what the service said, and after it, in braces, what Envoy knows.
  /// proxy_get_status.
  Result<Bytes> message() const {
    uint32_t code = 0;
    return detail::receive(
        [&code](char** data, size_t* size) { return abi::proxy_get_status(&code, data, size); });
  }

 private:
  uint32_t code_;
};

/// A message that came; to be read in its handler only.
class GrpcMessage {
 public:
  explicit GrpcMessage(uint32_t size) : size_(size) {}
  size_t size() const { return size_; }
  /// Up to `max` bytes from `offset` on. proxy_get_buffer_bytes.
  Result<Bytes> read(size_t offset = 0, size_t max = std::numeric_limits<uint32_t>::max()) const {
    if (size_ == 0) return Bytes();
    return Body<abi::BufferType::grpc_message>(size_).read(offset, max);
  }

 private:
  uint32_t size_;
};

using GrpcInitialMetadata = HeaderView<abi::MapType::grpc_initial_metadata>;
using GrpcTrailingMetadata = HeaderView<abi::MapType::grpc_trailing_metadata>;

/// What came of a GrpcCall: a message, or a status that is not ok. To be read in its handler only.
class GrpcReply {
 public:
  explicit GrpcReply(const detail::GrpcEvent& event) : event_(event) {}
  bool ok() const { return event_.kind == detail::GrpcEvent::Kind::message; }
  GrpcStatus status() const { return GrpcStatus(ok() ? 0 : event_.value); }
  GrpcMessage message() const { return GrpcMessage(ok() ? event_.value : 0); }

 private:
  detail::GrpcEvent event_;
};

/// An open gRPC stream, from the module's side; when this object ends, the stream is cancelled. A filter that
/// has it as a member leaves no stream open behind it.
class GrpcStream {
 public:
  GrpcStream() = default;
  explicit GrpcStream(uint32_t token) : token_(token) {}
  GrpcStream(GrpcStream&& other) noexcept : token_(std::exchange(other.token_, 0)) {}
  GrpcStream& operator=(GrpcStream&& other) noexcept {
    std::swap(token_, other.token_);
    return *this;
  }
  ~GrpcStream() {
    if (token_ != 0) cancel().ignore();
  }

  /// Sends a message; with `end_of_stream` it is the last. `Status::not_found` when the stream is no more.
  /// proxy_grpc_send.
  Result<> send(std::string_view message, bool end_of_stream = false) const {
    return abi::proxy_grpc_send(token_, message.data(), message.size(), end_of_stream ? 1 : 0);
  }
  /// Sends no more, and waits for what still comes. proxy_grpc_close.
  Result<> close() const { return abi::proxy_grpc_close(token_); }
  /// Gives the stream up: none of its events comes any more. proxy_grpc_cancel.
  Result<> cancel() {
    const uint32_t token = std::exchange(token_, 0);
    detail::pending_grpc_calls.erase(token);
    return abi::proxy_grpc_cancel(token);
  }

 private:
  uint32_t token_ = 0;
};

namespace detail {

/// Metadata that a call may send: gRPC's own fields are Envoy's to write.
inline void add_metadata(PairArray& pairs, std::span<const Header> metadata) {
  for (const Header& header : metadata) {
    const std::string_view name = header.name.text();
    const bool is_grpc = name.size() >= 5 && same_name(name.substr(0, 5), "grpc-");
    pairs.add(name, header.value.text(),
              header.name.valid() && header.value.valid() && !is_grpc && !same_name(name, "content-type"));
  }
}

/// Opens a call or a stream by `open(cluster, metadata, token)`, and keeps its handler.
template <class Call, class Open>
inline Status open_grpc(const Call& call, Handler<GrpcEvent>* handler, uint32_t* token, Open open) {
  if (handler == nullptr) return Status::bad_argument;
  // A bare name would do in newer versions of Envoy, unless it happens to read as a GrpcService message. This
  // is one: field 1 is envoy_grpc, whose field 1 is cluster_name.
  ProtobufWriter envoy_grpc(1, call.cluster.text().size());
  envoy_grpc.put(1, call.cluster.text());
  ProtobufWriter service(1, envoy_grpc.message().size());
  service.put(1, envoy_grpc.message());
  PairArray pairs(call.metadata.size() + call.more_metadata.size());
  add_metadata(pairs, {call.metadata.begin(), call.metadata.size()});
  add_metadata(pairs, call.more_metadata);
  const Result<Bytes> metadata = pairs.encode();
  Status status = metadata.status();
  if (!call.cluster.valid() || !is_grpc_name(call.service.text()) || !is_grpc_name(call.method.text())) {
    status = Status::bad_argument;
  }
  if (status == Status::ok) status = open(service.message(), metadata->view(), token);
  if (status != Status::ok) {
    handler->run(handler, nullptr);
    return status;
  }
  pending_grpc_calls.insert(*token, handler);
  return Status::ok;
}

}  // namespace detail

/// Makes a call and gives its reply to `handler`, a callable of the shape
///
///     void (Filter& filter, wasmup::GrpcReply reply)
///
/// or such a member function of the filter. For `asking`, the stream that is at hand in the handler, and a
/// stream that is gone, see http_call. A service that cannot be reached is a reply too.
///
/// `Status::bad_argument`: a name, metadata or the time-out is not valid (gRPC's own headers, `grpc-...` and
/// content-type, are Envoy's to write), or `asking` is no part of a filter or root context;
/// `Status::internal_failure`: Envoy has no such cluster, or nothing in it that is healthy. Either way the
/// handler never runs. proxy_grpc_call, proxy_on_grpc_receive, proxy_on_grpc_close.
template <class Asking, class ReplyHandler>
  requires std::invocable<ReplyHandler&, Asking&, GrpcReply> ||
           std::is_member_function_pointer_v<ReplyHandler>
inline Result<> grpc_call(Asking& asking, const GrpcCall& call, ReplyHandler handler) {
  detail::take_in<detail::ExportGrpcReceive, Asking>();
  detail::take_in<detail::ExportGrpcClose, Asking>();
  if (!call.timeout.valid()) return Status::bad_argument;
  // Envoy passes 0 on as it is, and the service takes that for a time that is over.
  const uint32_t no_limit = std::numeric_limits<int32_t>::max();
  const uint32_t timeout = call.timeout.milliseconds() != 0 ? call.timeout.milliseconds() : no_limit;
  auto* const bound = detail::make_handler<detail::GrpcEvent>(
      asking, [handler = std::move(handler)](Asking& self, const detail::GrpcEvent& event) {
        using enum detail::GrpcEvent::Kind;
        if (event.kind != message && event.kind != close) return false;
        detail::invoke(handler, self, GrpcReply(event));
        return true;
      });
  uint32_t token = 0;
  return detail::open_grpc(
      call, bound, &token,
      [&call, timeout](std::string_view cluster, std::string_view metadata, uint32_t* opened) {
        const std::string_view service = call.service.text();
        const std::string_view method = call.method.text();
        const std::string_view message = call.message.text();
        return abi::proxy_grpc_call(cluster.data(), cluster.size(), service.data(), service.size(),
                                    method.data(), method.size(), metadata.data(), metadata.size(),
                                    message.data(), message.size(), timeout, opened);
      });
}

namespace detail {

/// The events object of a stream; each of its callbacks may be missing, but not be another than meant.
template <class Events, class Asking>
concept GrpcInitialMetadataEvents =
    requires(Events events, Asking asking) { events.on_initial_metadata(asking, GrpcInitialMetadata()); };
template <class Events, class Asking>
concept GrpcMessageEvents =
    requires(Events events, Asking asking) { events.on_message(asking, GrpcMessage(0)); };
template <class Events, class Asking>
concept GrpcTrailingMetadataEvents =
    requires(Events events, Asking asking) { events.on_trailing_metadata(asking, GrpcTrailingMetadata()); };
template <class Events, class Asking>
concept GrpcCloseEvents = requires(Events events, Asking asking) { events.on_close(asking, GrpcStatus(0)); };

}  // namespace detail

/// Opens a stream. `events` is an object with what you need of
///
///     void on_initial_metadata(Filter&, wasmup::GrpcInitialMetadata);
///     void on_message(Filter&, wasmup::GrpcMessage);
///     void on_trailing_metadata(Filter&, wasmup::GrpcTrailingMetadata);
///     void on_close(Filter&, wasmup::GrpcStatus);     // the last one
///
/// which lives until the other side closes the stream, it is cancelled, or an event comes for an `asking`
/// that is gone; that cancels it too. Metadata comes even when the other side sent none. Failures are those
/// of grpc_call. proxy_grpc_stream, proxy_on_grpc_receive_initial_metadata, proxy_on_grpc_receive,
/// proxy_on_grpc_receive_trailing_metadata, proxy_on_grpc_close.
template <class Asking, class Events>
inline Result<GrpcStream> grpc_stream(Asking& asking, const GrpcStreamCall& call, Events events) {
  constexpr bool initial = detail::GrpcInitialMetadataEvents<Events, Asking>;
  constexpr bool messages = detail::GrpcMessageEvents<Events, Asking>;
  constexpr bool trailing = detail::GrpcTrailingMetadataEvents<Events, Asking>;
  constexpr bool closes = detail::GrpcCloseEvents<Events, Asking>;
  static_assert(
      initial || !requires { &Events::on_initial_metadata; },
      "on_initial_metadata takes (Filter&, wasmup::GrpcInitialMetadata)");
  static_assert(
      messages || !requires { &Events::on_message; }, "on_message takes (Filter&, wasmup::GrpcMessage)");
  static_assert(
      trailing || !requires { &Events::on_trailing_metadata; },
      "on_trailing_metadata takes (Filter&, wasmup::GrpcTrailingMetadata)");
  static_assert(closes || !requires { &Events::on_close; }, "on_close takes (Filter&, wasmup::GrpcStatus)");
  if constexpr (initial) detail::take_in<detail::ExportGrpcInitialMetadata, Asking>();
  if constexpr (messages) detail::take_in<detail::ExportGrpcReceive, Asking>();
  if constexpr (trailing) detail::take_in<detail::ExportGrpcTrailingMetadata, Asking>();
  detail::take_in<detail::ExportGrpcClose, Asking>();  // Envoy has to be told, too
  auto* const bound = detail::make_handler<detail::GrpcEvent>(
      asking, [events = std::move(events)](Asking& self, const detail::GrpcEvent& event) mutable {
        using enum detail::GrpcEvent::Kind;
        if constexpr (initial) {
          if (event.kind == initial_metadata) events.on_initial_metadata(self, GrpcInitialMetadata());
        }
        if constexpr (messages) {
          if (event.kind == message) events.on_message(self, GrpcMessage(event.value));
        }
        if constexpr (trailing) {
          if (event.kind == trailing_metadata) events.on_trailing_metadata(self, GrpcTrailingMetadata());
        }
        if constexpr (closes) {
          if (event.kind == close) events.on_close(self, GrpcStatus(event.value));
        }
        return event.kind == close;
      });
  uint32_t token = 0;
  const Status status = detail::open_grpc(
      call, bound, &token, [&call](std::string_view cluster, std::string_view metadata, uint32_t* opened) {
        const std::string_view service = call.service.text();
        const std::string_view method = call.method.text();
        return abi::proxy_grpc_stream(cluster.data(), cluster.size(), service.data(), service.size(),
                                      method.data(), method.size(), metadata.data(), metadata.size(), opened);
      });
  if (status != Status::ok) return status;
  return GrpcStream(token);
}

}  // namespace wasmup
