// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/detail/pair_array.hpp>
#include <wasmup/detail/stream_flow.hpp>
#include <wasmup/grammar.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// An answer made by the filter itself, in place of the upstream's.
struct LocalResponse {
  uint32_t status = 200;  ///< HTTP status, 200 to 599
  const std::initializer_list<Header> headers =
      {};                                     ///< besides those Envoy sets itself; only where it is made
  std::span<const Header> more_headers = {};  ///< whose number is not known when compiling
  std::string_view body = {};                 ///< left out where HTTP has none: 204, 205 and 304
  Details details = "";                       ///< for Envoy's access log (%RESPONSE_CODE_DETAILS%)
  std::optional<uint32_t> grpc_status = {};   ///< 0 to 16, for gRPC clients
};

namespace detail {

/// Whether a local response can still reach the client of the stream at hand.
[[gnu::noinline]] inline bool can_be_answered() {
  if (!acts_on_stream() || acting.phase == Phase::connection || is_settled()) return false;
  return (flow_at_hand() & flow_response_left) == 0;
}

}  // namespace detail

/// Answers the client now. The stream stops where it is, whatever the current callback returns; the upstream
/// sees no more of the request.
///
/// `Status::bad_argument`, and nothing is sent: a status or header that HTTP does not allow, a status that
/// gRPC does not have; a second response to the same message; one after reset_stream(), after response
/// headers have gone on, in on_log, on_done or a destructor, or where there is no stream.
/// proxy_send_local_response.
inline Result<> send_local_response(const LocalResponse& response) {
  if (!detail::can_be_answered()) return Status::bad_argument;
  if (response.status < 200 || response.status > 599 || !response.details.valid())
    return Status::bad_argument;
  if (response.grpc_status && *response.grpc_status > 16) return Status::bad_argument;
  Bytes pairs;
  if (const size_t count = response.headers.size() + response.more_headers.size(); count != 0) {
    detail::PairArray headers(count);
    headers.add(response.headers);
    headers.add(response.more_headers);
    Result<Bytes> encoded = headers.encode();
    if (!encoded) return encoded.status();
    pairs = *std::move(encoded);
  }
  const std::string_view body = is_bodyless_status(response.status) ? std::string_view() : response.body;
  const std::string_view details = response.details.text();
  const Status status = abi::proxy_send_local_response(response.status, details.data(), details.size(),
                                                       body.data(), body.size(), pairs.data(), pairs.size(),
                                                       response.grpc_status.value_or(abi::no_grpc_status));
  if (status == Status::ok) detail::settle(false);
  return status;
}

}  // namespace wasmup
