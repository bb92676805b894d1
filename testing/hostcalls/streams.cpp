// SPDX-License-Identifier: MIT
#include "../local_reply.hpp"
#include "../pairs.hpp"
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status send_local_response(Host::Implementation& host, Arguments& in) {
  LocalReply reply;
  reply.status = in.number();
  in.text();  // details: for the access log only
  reply.body = in.text();
  reply.headers = decode_pairs(in.text());
  reply.grpc_status = in.number();
  if (!in.valid()) return Status::invalid_memory_access;
  StreamState* const stream = host.current_stream();
  if (stream == nullptr) return Status::ok;  // no effect
  host.refuse_at_the_end(*stream, "answered a stream");
  host.defer([&host, id = stream->id, reply = std::move(reply)] {
    StreamState* const asking = host.find_stream(id);
    if (asking != nullptr) host.local_reply(*asking, message_of(reply, asking->asker));
  });
  return Status::ok;
}

Status continue_stream(Host::Implementation& host, Arguments& in) {
  return host.continue_stream(in.named<abi::StreamType>());
}

Status close_stream(Host::Implementation& host, Arguments& in) {
  return host.close_stream(in.named<abi::StreamType>());
}

Status done(Host::Implementation& host, Arguments&) { return host.root_done(); }

Status set_effective_context(Host::Implementation& host, Arguments& in) {
  return host.set_effective_context(in.number()) ? Status::ok : Status::bad_argument;
}

Status get_status(Host::Implementation& host, Arguments& in) {
  const Address code = in.out();
  const Address data = in.out();
  const Address size = in.out();
  const RootState* const root = host.current_root();
  const Status given = host.give(data, size, root != nullptr ? root->status_message : std::string());
  if (given != Status::ok) return given;
  return give_number(*host.guest, code, root != nullptr ? root->status_code : 0);
}

constexpr HostcallEntry entries[] = {
    {"proxy_send_local_response", send_local_response},
    {"proxy_continue_stream", continue_stream},
    {"proxy_close_stream", close_stream},
    {"proxy_done", done},
    {"proxy_set_effective_context", set_effective_context},
    {"proxy_get_status", get_status},
};

}  // namespace

std::span<const HostcallEntry> stream_hostcalls() { return entries; }

}  // namespace wasmup::testing
