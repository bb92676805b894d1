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
#include <wasmup/header_text.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// An answer made by the filter itself, in place of the upstream's.
struct LocalResponse {
  uint32_t status = 200;                       ///< HTTP status, 200 to 599
  std::initializer_list<Header> headers = {};  ///< besides those Envoy sets itself
  std::span<const Header> more_headers = {};   ///< whose number is not known when compiling
  std::string_view body = {};
  std::string_view details = {};             ///< for Envoy's access log (%RESPONSE_CODE_DETAILS%)
  std::optional<uint32_t> grpc_status = {};  ///< 0 to 16, for gRPC clients
};

/// Answers the client now. The stream stops where it is, whatever the current callback returns; the upstream
/// sees no more of the request. A status or header that HTTP does not allow, or a status that gRPC does not
/// have, is `Status::bad_argument`.
///
/// `Status::ok` says that the host took it, not that it is not too late: once response headers have gone out
/// it cuts the stream off instead. In on_log, on_done and a filter's destructor, and a second time in one
/// callback of a response, it is the end of the whole Envoy: never do that. proxy_send_local_response.
inline Result<> send_local_response(const LocalResponse& response) {
  if (response.status < 200 || response.status > 599) return Status::bad_argument;
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
  return abi::proxy_send_local_response(response.status, response.details.data(), response.details.size(),
                                        response.body.data(), response.body.size(), pairs.data(),
                                        pairs.size(), response.grpc_status.value_or(abi::no_grpc_status));
}

}  // namespace wasmup
