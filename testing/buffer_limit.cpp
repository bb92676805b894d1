// SPDX-License-Identifier: MIT
#include <utility>

#include "implementation.hpp"
#include "local_reply.hpp"

/// How much of a message Envoy keeps for a filter that holds it back. Past the limit a message that is held
/// (watermark) waits at its sender, and one that is gathered (buffer) is answered. Which of both, is decided
/// once, when the limit is passed: a message that waits already, and is gathered then, gets no more.
namespace wasmup::testing {
namespace {

size_t held(const Flow& flow) { return flow.buffered.size() + flow.waiting_body.size(); }

}  // namespace

void Host::Implementation::enforce_limit(StreamState& stream, bool is_request, bool is_watermark) {
  Flow& flow = is_request ? stream.request : stream.response;
  if (flow.is_past_limit || held(flow) <= options.buffer_limit) return;
  flow.is_past_limit = true;
  if (is_watermark) {
    flow.is_paused = true;
    return;
  }
  const LocalReply reply = is_request ? LocalReply{.status = 413, .body = "Payload Too Large"}
                                      : LocalReply{.status = 500, .body = "Internal Server Error"};
  local_reply(stream, message_of(reply, stream.asker));
}

void Host::Implementation::read_on(StreamState& stream, bool is_request) {
  const auto flow = [&]() -> Flow& { return is_request ? stream.request : stream.response; };
  if (held(flow()) > options.buffer_limit) return;
  flow().is_past_limit = flow().is_paused = false;
  while (!flow().unread.empty() && !flow().is_paused && !is_over(stream, is_request)) {
    const Unread next = std::move(flow().unread.front());
    flow().unread.pop_front();
    if (next.is_trailers) {
      trailers(stream, is_request, next.trailers);
    } else {
      body(stream, is_request, next.chunk, next.end_of_stream);
    }
  }
}

}  // namespace wasmup::testing
