// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <wasmup/testing/headers.hpp>

namespace wasmup::testing {

/// An HTTP call-out as the module made it, waiting for its answer.
struct HttpCall {
  uint32_t token = 0;
  std::string cluster;
  Headers headers;
  std::string body;
  Headers trailers;
  std::chrono::milliseconds timeout{0};  ///< 0: none
};

/// A gRPC call or stream as the module opened it, and what it has sent since.
struct GrpcCall {
  uint32_t token = 0;
  bool is_stream = false;
  std::string cluster;
  std::string service;
  std::string method;
  Headers metadata;
  std::vector<std::string> messages;  ///< a call has one
  bool is_half_closed = false;        ///< the module will send no more
  std::chrono::milliseconds timeout{0};
};

}  // namespace wasmup::testing
