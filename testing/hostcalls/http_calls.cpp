// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "../header_map.hpp"
#include "../local_reply.hpp"
#include "../pairs.hpp"
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status http_call(Host::Implementation& host, Arguments& in) {
  HttpCall call;
  call.cluster = in.text();
  Headers pairs = decode_pairs(in.text());
  pairs.remove("");
  call.headers = header_map::kept(abi::MapType::request_headers, pairs);
  call.body = in.text();
  call.trailers = decode_pairs(in.text());
  const uint32_t timeout = in.number();
  const Address out = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  RootState* const root = host.current_root();
  if (root == nullptr || timeout > 0x7FFFFFFF || !host.knows_cluster(call.cluster)) {
    return Status::bad_argument;
  }
  for (const char* const name : {":method", ":path", ":authority"}) {
    if (!call.headers.contains(name)) return Status::bad_argument;
  }
  if (std::ranges::find(host.options.empty_clusters, call.cluster) != host.options.empty_clusters.end())
    return Status::internal_failure;
  if (!call.body.empty()) call.headers.set("content-length", std::to_string(call.body.size()));
  call.timeout = std::chrono::milliseconds(timeout);
  call.token = std::exchange(host.http_calls.next_token, host.http_calls.next_token + 4);
  const uint32_t token = call.token;
  HttpCalls::Pending pending{.call = std::move(call), .root = root->id};
  if (timeout != 0) pending.deadline = host.now + std::chrono::milliseconds(timeout);
  if (const auto refusal = header_map::refusal_of_call(pending.call.headers)) {
    pending.refusal = message_of(*refusal, {});
    pending.deadline = host.now;
  }
  host.http_calls.pending.emplace(token, std::move(pending));
  return give_number(*host.guest, out, token);
}

constexpr HostcallEntry entries[] = {{"proxy_http_call", http_call}};

}  // namespace

std::span<const HostcallEntry> http_call_hostcalls() { return entries; }

}  // namespace wasmup::testing
