// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <wasmup/testing/calls.hpp>
#include <wasmup/testing/headers.hpp>
#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// HTTP call-outs on their way, by token. They belong to a root and outlive the stream that made them.
struct HttpCalls {
  struct Pending {
    HttpCall call;
    uint32_t root = 0;
    std::optional<std::chrono::nanoseconds> deadline = {};
    std::optional<Message> refusal = {};  ///< Envoy cannot send it, and answers this at the deadline
  };
  std::map<uint32_t, Pending> pending;
  uint32_t next_token = 4;  ///< tokens tell their kind apart: HTTP is 0 modulo 4, gRPC calls 1, streams 2

  /// The answer that is being handed to the module.
  const Message* answer = nullptr;
  std::string body;
};

/// gRPC calls and streams that are open, by token.
struct GrpcCalls {
  struct Open {
    GrpcCall call;
    uint32_t root = 0;
    std::optional<std::chrono::nanoseconds> deadline = {};
    bool has_begun = false;  ///< initial metadata came
    bool has_trailing_metadata = false;
    bool is_local_closed = false;
    bool is_remote_closed = false;  ///< a stream stays, with all it takes, until the module closes it too
  };
  std::map<uint32_t, Open> open;
  uint32_t next_call_token = 5;
  uint32_t next_stream_token = 6;

  /// What is being handed to the module.
  const Headers* initial_metadata = nullptr;
  const Headers* trailing_metadata = nullptr;
  std::optional<std::string> message;
};

}  // namespace wasmup::testing
