// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <utility>

#include "implementation.hpp"

/// What comes of gRPC calls and streams, handed to the root that owns them, whether or not the HTTP stream
/// that opened them is still there.
namespace wasmup::testing {
namespace {

constexpr uint32_t internal = 13;

}  // namespace

/// Null, and a failed test, when the module does not wait for anything of this token (any more).
GrpcCalls::Open* Host::Implementation::open_grpc(uint32_t token) {
  const auto found = grpc_calls.open.find(token);
  if (found != grpc_calls.open.end() && !found->second.is_remote_closed) return &found->second;
  ADD_FAILURE() << "no gRPC call or stream " << token << " is open (any more)";
  return nullptr;
}

void Host::Implementation::receive_grpc_initial_metadata(uint32_t token, const Headers& metadata) {
  GrpcCalls::Open* const opened = open_grpc(token);
  if (opened == nullptr) return;
  opened->has_begun = true;
  if (!opened->call.is_stream) return;  // a call's module never sees it
  grpc_calls.initial_metadata = &metadata;
  const uint32_t arguments[] = {opened->root, token, static_cast<uint32_t>(metadata.size())};
  call(opened->root, "proxy_on_grpc_receive_initial_metadata", arguments, 0);
  grpc_calls.initial_metadata = nullptr;
}

void Host::Implementation::receive_grpc_message(uint32_t token, std::string message) {
  GrpcCalls::Open* const opened = open_grpc(token);
  if (opened == nullptr) return;
  const bool is_stream = opened->call.is_stream;
  if (is_stream && !opened->has_begun) {
    receive_grpc_initial_metadata(token, {});
    if (!grpc_calls.open.contains(token)) return;  // cancelled meanwhile
  }
  const uint32_t id = opened->root;
  const uint32_t arguments[] = {id, token, static_cast<uint32_t>(message.size())};
  grpc_calls.message = std::move(message);
  call(id, "proxy_on_grpc_receive", arguments, 0);
  grpc_calls.message.reset();
  if (!is_stream) grpc_calls.open.erase(token);
}

void Host::Implementation::receive_grpc_trailing_metadata(uint32_t token, const Headers& metadata) {
  GrpcCalls::Open* opened = open_grpc(token);
  if (opened == nullptr || !opened->call.is_stream) return;
  if (!opened->has_begun) {
    receive_grpc_initial_metadata(token, {});
    if (!grpc_calls.open.contains(token)) return;
  }
  opened->has_trailing_metadata = true;
  grpc_calls.trailing_metadata = &metadata;
  const uint32_t arguments[] = {opened->root, token, static_cast<uint32_t>(metadata.size())};
  call(opened->root, "proxy_on_grpc_receive_trailing_metadata", arguments, 0);
  grpc_calls.trailing_metadata = nullptr;
}

/// Envoy has metadata of both kinds before any end; where none was sent, it is empty, or tells of the end.
void Host::Implementation::close_grpc(uint32_t token, uint32_t status, std::string message) {
  GrpcCalls::Open* const opened = open_grpc(token);
  if (opened == nullptr) return;
  const bool is_stream = opened->call.is_stream;
  if (is_stream && !opened->has_trailing_metadata) {
    receive_grpc_trailing_metadata(token,
                                   {{"grpc-status", std::to_string(status)}, {"grpc-message", message}});
    if (!grpc_calls.open.contains(token)) return;
  }
  if (!is_stream && status == 0) status = internal;  // a call that ends well has an answer
  opened->is_remote_closed = true;
  const bool is_over = !is_stream || opened->is_local_closed;
  tell_grpc_close(opened->root, token, status, std::move(message));
  if (is_over) grpc_calls.open.erase(token);
}

void Host::Implementation::tell_grpc_close(uint32_t root_id, uint32_t token, uint32_t status,
                                           std::string message) {
  RootState* const told = root(root_id);
  if (told == nullptr) return;
  told->status_code = status;
  told->status_message = std::move(message);
  const uint32_t arguments[] = {root_id, token, status};
  call(root_id, "proxy_on_grpc_close", arguments, 0);
  if (RootState* const still_there = root(root_id)) still_there->status_message.clear();
}

/// An answer that has begun before it takes too long is cut off.
void Host::Implementation::time_out_grpc_call(uint32_t token) {
  const GrpcCalls::Open* const opened = open_grpc(token);
  if (opened == nullptr) return;
  if (opened->has_begun) {
    close_grpc(token, internal, "response_timeout");
  } else {
    close_grpc(token, 14, "upstream request timeout{response_timeout}");
  }
}

// ---- the public face

std::vector<GrpcCall> Host::grpc_calls() const {
  std::vector<GrpcCall> calls;
  std::vector<GrpcCall> streams;
  for (const auto& [token, open] : implementation_->grpc_calls.open) {
    if (!open.is_remote_closed) (open.call.is_stream ? streams : calls).push_back(open.call);
  }
  calls.insert(calls.end(), streams.begin(), streams.end());
  return calls;
}

size_t Host::half_open_grpc_streams() const {
  size_t count = 0;
  for (const auto& [token, open] : implementation_->grpc_calls.open) count += open.is_remote_closed ? 1 : 0;
  return count;
}

void Host::send_initial_metadata(const GrpcCall& call, const Headers& metadata) {
  implementation_->receive_grpc_initial_metadata(call.token, metadata);
}

void Host::send_message(const GrpcCall& call, std::string_view message) {
  implementation_->receive_grpc_message(call.token, std::string(message));
}

void Host::send_trailing_metadata(const GrpcCall& call, const Headers& metadata) {
  implementation_->receive_grpc_trailing_metadata(call.token, metadata);
}

void Host::close(const GrpcCall& call, uint32_t grpc_status, std::string_view message) {
  implementation_->close_grpc(call.token, grpc_status, std::string(message));
}

}  // namespace wasmup::testing
