// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <wasmup/abi.hpp>
#include <wasmup/detail/contexts.hpp>

/// What has become of a stream's two messages, as far as a module must know to ask for nothing that Envoy
/// does not survive: a second local response, one in place of a response that has left, letting go of what is
/// not held, a reset of what has ended.
namespace wasmup::detail {

enum Flow : uint16_t {
  flow_request_held = 1,
  flow_response_held = 2,
  flow_answered = 4,        ///< a local response was sent, and has not come by as the response yet
  flow_over = 8,            ///< nothing more can be done: reset, answered for good, or logged
  flow_response_left = 16,  ///< response headers have gone on
  // Of a filter that takes whole bodies:
  flow_request_unseen = 32,  ///< a held request without a body, whose callback has yet to run
  flow_response_unseen = 64,
  flow_request_skipped = 128,  ///< the filter does not want this body
  flow_response_skipped = 256,
  flow_request_held_watermark = 512,  ///< the body callback held some of it and slowed the sender down
  flow_response_held_watermark = 1024,
};

/// The flow of the stream that hostcalls act on.
[[gnu::noinline]] inline uint16_t& flow_at_hand() {
  Context* const context = contexts.find(acting.context);
  return context != nullptr ? context->flow : acting.flow;
}

inline bool is_request_phase() {
  return acting.phase >= Phase::request_headers && acting.phase <= Phase::request_trailers;
}
inline bool is_response_phase() {
  return acting.phase >= Phase::response_headers && acting.phase <= Phase::response_trailers;
}

/// Whether hostcalls act on a stream that can still be changed. In an untracked module a callback of no
/// stream is a root's.
[[gnu::noinline]] inline bool acts_on_stream() {
  if (acting.phase == Phase::ending) return false;
  const Context* const context = contexts.find(acting.context);
  return context != nullptr ? !context->is_root() || acting.phase != Phase::elsewhere
                            : acting.phase != Phase::elsewhere;
}

/// Whether the message at hand was answered, or its stream reset: nothing more can become of it.
[[gnu::noinline]] inline bool is_settled() { return (flow_at_hand() & (flow_answered | flow_over)) != 0; }

/// Marks what a local response or a reset has made of the stream.
[[gnu::noinline]] inline void settle(bool was_reset) {
  const bool is_final = was_reset || is_response_phase() ||
                        (acting.phase == Phase::elsewhere && (flow_at_hand() & flow_response_held) != 0);
  flow_at_hand() |= static_cast<uint16_t>(is_final ? flow_over : flow_answered);
}

/// Puts these bits in place of those; of a stream that is not in the table nobody will ask.
[[gnu::noinline]] inline void change_flow(uint32_t removed, uint32_t added) {
  Context* const context = contexts.find(acting.context);
  if (context != nullptr) context->flow = static_cast<uint16_t>((context->flow & ~removed) | added);
}

/// The response's headers callback begins. A local response to the request comes by here: as a message of its
/// own, which can be answered again.
inline void begin_response() { change_flow(flow_answered | flow_request_held, 0); }

/// Remembers what a callback made of its message.
template <bool is_request>
inline void note_action(uint32_t action) {
  constexpr uint32_t held = is_request ? flow_request_held : flow_response_held;
  constexpr uint32_t gone = is_request ? 0 : flow_response_left;
  if (action != 0 || !is_request) change_flow(0, action != 0 ? held : gone);
}

// Runs the whole-body callback of a held message that has no body, and gives its answer: 0 to go on. Defined
// by WASMUP_REGISTER.
uint32_t see_empty_body(uint32_t context, bool is_request);

/// Lets a message of an HTTP stream go on. In the callback that would hold it, it is not held at all.
template <bool is_request>
inline Status continue_message() {
  constexpr uint16_t held = is_request ? flow_request_held : flow_response_held;
  constexpr uint16_t unseen = is_request ? flow_request_unseen : flow_response_unseen;
  if (!acts_on_stream() || is_settled()) return Status::bad_argument;
  if (is_request ? is_request_phase() : is_response_phase()) {
    acting.was_let_go = true;
    return Status::ok;
  }
  if ((flow_at_hand() & held) == 0) return Status::bad_argument;
  if ((flow_at_hand() & unseen) != 0) {
    flow_at_hand() &= static_cast<uint16_t>(~unseen);
    const bool stays = see_empty_body(acting.context, is_request) != 0;
    if (stays || is_settled() || (flow_at_hand() & held) == 0) return Status::ok;
  }
  const Status status =
      abi::proxy_continue_stream(is_request ? abi::StreamType::request : abi::StreamType::response);
  if (status != Status::ok) return status;
  flow_at_hand() &= static_cast<uint16_t>(~held);
  if constexpr (!is_request) flow_at_hand() |= flow_response_left;
  return Status::ok;
}

}  // namespace wasmup::detail
