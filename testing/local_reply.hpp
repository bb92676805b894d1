// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <wasmup/abi.hpp>
#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// An answer as a module asks for it.
struct LocalReply {
  uint32_t status = 200;
  Headers headers = {};
  std::string body = {};
  uint32_t grpc_status = abi::no_grpc_status;
};

/// Who asked, by the request as it came.
struct Asker {
  bool is_grpc = false;
  bool is_head = false;  ///< the answer has no body, and its length all the same
};

/// The answer as Envoy makes it. A gRPC client gets a trailers-only response instead of status and body; to
/// any other the gRPC status is not shown.
Message message_of(const LocalReply& reply, Asker asker);

bool is_grpc(const Headers& request);

}  // namespace wasmup::testing
