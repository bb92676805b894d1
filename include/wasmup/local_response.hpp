// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// An answer made by the filter itself, in place of the upstream's.
struct LocalResponse {
  uint32_t status = 200;                       ///< HTTP status, 200 to 599
  std::initializer_list<Header> headers = {};  ///< besides those Envoy sets itself
  std::string_view body = {};
  std::string_view details = {};             ///< for Envoy's access log (%RESPONSE_CODE_DETAILS%)
  std::optional<uint32_t> grpc_status = {};  ///< 0 to 16, for gRPC clients
};

/// Answers the client now. The stream stops where it is, whatever the current callback returns; the upstream
/// sees no more of the request. A status or header that HTTP does not allow is `Status::bad_argument`.
/// `Status::ok` says that the host took it, not that it is not too late: once response headers have gone out
/// it has no effect. proxy_send_local_response.
inline Result<> send_local_response(const LocalResponse& response) {
  if (response.status < 200 || response.status > 599) return Status::bad_argument;
  Bytes pairs;
  if (response.headers.size() != 0) {
    for (const Header& header : response.headers) {
      if (!header.name.valid() || !header.value.valid()) return Status::bad_argument;
    }
    Result<Bytes> encoded = detail::encode_pairs(response.headers, [](const Header& header) {
      return PairView{header.name.text(), header.value.text()};
    });
    if (!encoded) return encoded.status();
    pairs = *std::move(encoded);
  }
  return abi::proxy_send_local_response(response.status, response.details.data(), response.details.size(),
                                        response.body.data(), response.body.size(), pairs.data(),
                                        pairs.size(), response.grpc_status.value_or(abi::no_grpc_status));
}

}  // namespace wasmup
