// SPDX-License-Identifier: MIT
#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <utility>

#include "../pairs.hpp"
#include "../protobuf.hpp"
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

bool is_stream_token(uint32_t token) { return token % 4 == 2; }
bool is_call_token(uint32_t token) { return token % 4 == 1; }

/// The cluster of a GrpcService message; nothing when the bytes are none.
std::optional<std::string> cluster_of(std::string_view service) {
  const auto message = decode_protobuf(service);
  if (!message) return std::nullopt;
  if (!message->texts.contains(1) && !message->texts.contains(2)) {
    ADD_FAILURE() << "the module made a gRPC call to a service that names no target: Envoy crashes";
  }
  const auto envoy_grpc = decode_protobuf(message->text(1));
  return envoy_grpc ? envoy_grpc->text(1) : "";
}

Status open(Host::Implementation& host, Arguments& in, bool is_stream) {
  GrpcCall call;
  call.is_stream = is_stream;
  const std::string_view upstream = in.text();
  const std::optional<std::string> named = cluster_of(upstream);
  call.cluster = named.value_or(std::string(upstream));
  const bool is_known = host.knows_cluster(call.cluster);
  call.service = in.text();
  call.method = in.text();
  call.metadata = decode_pairs(in.text());
  uint32_t timeout = 0;
  if (!is_stream) {
    call.messages.emplace_back(in.text());
    call.is_half_closed = true;
    timeout = in.number();
  }
  const Address out = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  RootState* const root = host.current_root();
  if (root == nullptr) return Status::bad_argument;
  if (!named && !is_known) return Status::parse_failure;
  call.timeout = std::chrono::milliseconds(timeout);
  uint32_t& next_token = is_stream ? host.grpc_calls.next_stream_token : host.grpc_calls.next_call_token;
  const uint32_t token = call.token = std::exchange(next_token, next_token + 4);
  if (!is_known ||
      std::ranges::find(host.options.empty_clusters, call.cluster) != host.options.empty_clusters.end()) {
    // Refused, and closed all the same: the module is told of a token it was never given.
    const char* const reason =
        is_known ? "no healthy upstream{no_healthy_upstream}" : "Cluster not available";
    host.defer([&host, id = root->id, token, reason] { host.tell_grpc_close(id, token, 14, reason); });
    return Status::internal_failure;
  }
  GrpcCalls::Open opened{.call = std::move(call), .root = root->id};
  if (timeout != 0) opened.deadline = host.now + std::chrono::milliseconds(timeout);
  host.grpc_calls.open.emplace(token, std::move(opened));
  return give_number(*host.guest, out, token);
}

Status grpc_call(Host::Implementation& host, Arguments& in) { return open(host, in, false); }
Status grpc_stream(Host::Implementation& host, Arguments& in) { return open(host, in, true); }

/// A call or stream of the root that asks, or null.
GrpcCalls::Open* find(Host::Implementation& host, uint32_t token) {
  const auto found = host.grpc_calls.open.find(token);
  const RootState* const root = host.current_root();
  if (found == host.grpc_calls.open.end() || root == nullptr) return nullptr;
  return found->second.root == root->id ? &found->second : nullptr;
}

Status grpc_send(Host::Implementation& host, Arguments& in) {
  const uint32_t token = in.number();
  const std::string_view message = in.text();
  const bool is_last = in.number() != 0;
  if (!in.valid()) return Status::invalid_memory_access;
  if (!is_stream_token(token)) return Status::bad_argument;
  GrpcCalls::Open* const opened = find(host, token);
  if (opened == nullptr) return Status::not_found;
  // What is sent after the last message, or to a side that has closed, goes nowhere.
  if (opened->call.is_half_closed || opened->is_remote_closed) return Status::ok;
  opened->call.messages.emplace_back(message);
  opened->call.is_half_closed = is_last;
  return Status::ok;
}

Status cancel(Host::Implementation& host, uint32_t token) {
  if (!is_stream_token(token) && !is_call_token(token)) return Status::bad_argument;
  if (find(host, token) == nullptr) return Status::not_found;
  host.grpc_calls.open.erase(token);
  return Status::ok;
}

Status grpc_cancel(Host::Implementation& host, Arguments& in) { return cancel(host, in.number()); }

Status grpc_close(Host::Implementation& host, Arguments& in) {
  const uint32_t token = in.number();
  GrpcCalls::Open* const opened = find(host, token);
  if (!is_stream_token(token) || opened == nullptr || opened->is_remote_closed) return cancel(host, token);
  opened->call.is_half_closed = true;
  opened->is_local_closed = true;
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_grpc_call", grpc_call},     {"proxy_grpc_stream", grpc_stream}, {"proxy_grpc_send", grpc_send},
    {"proxy_grpc_cancel", grpc_cancel}, {"proxy_grpc_close", grpc_close},
};

}  // namespace

std::span<const HostcallEntry> grpc_hostcalls() { return entries; }

}  // namespace wasmup::testing
