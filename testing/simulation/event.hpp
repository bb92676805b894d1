// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <wasmup/testing/headers.hpp>

namespace wasmup::testing::simulation {

/// What can come to a filter from outside.
enum class Kind {
  request,
  request_body,
  request_trailers,
  client_leaves,
  response,
  response_body,
  response_trailers,
  upstream_resets,
  answer,
  answer_fails,
  grpc_metadata,
  grpc_message,
  grpc_trailers,
  grpc_close,
  time,
  item,
  foreign,
  log,
  reconfigure,
  connect,
  downstream_data,
  upstream_data,
  connection_close,
};

/// One of them. Each stands for itself: a list of events may lack any of them, and what makes no sense then
/// is left out.
struct Event {
  uint32_t serial = 0;  ///< its place in the list that the seed stands for, from 1
  Kind kind = Kind::time;
  uint32_t stream = 0;     ///< the stream it is about, from 1; 0: none
  uint32_t number = 0;     ///< which call, a gRPC status, a function, milliseconds
  Headers headers = {};    ///< or trailers, or metadata
  std::string body = {};   ///< or a message, an item, arguments
  bool end = false;        ///< of the stream's direction
  bool same_pass = false;  ///< comes in the same pass of Envoy's event loop as the event before it
  bool after_all = false;  ///< an upstream's: it waits for the whole request
};

/// As people read it.
std::string text_of(const Event& event);

/// The serial of what happens before the first event, and after the last one.
constexpr uint32_t at_start = 0;
constexpr uint32_t at_end = 0xFFFF;

}  // namespace wasmup::testing::simulation
