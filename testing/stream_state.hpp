// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include <wasmup/testing/headers.hpp>
#include <wasmup/testing/host.hpp>

#include "local_reply.hpp"

namespace wasmup::testing {

/// One direction of a stream: what has come, what is held back, what has passed.
struct Flow {
  /// As Envoy's filter manager has it: `single` holds what came so far but lets callbacks run on, `all` lets
  /// no callback run.
  enum class Stop { none, single, all };

  Headers headers;
  bool has_started = false;
  bool headers_at_hand = false;
  bool came_complete = false;  ///< with the pseudo-headers that Envoy does not pass it on without
  Stop stop = Stop::none;
  bool buffers = false;  ///< with Stop::all: past the limit it is refused; otherwise its sender waits

  std::string buffered;         ///< body bytes the filter manager keeps for the next filter
  std::string chunk;            ///< the new bytes of the body callback that runs
  bool chunk_was_held = false;  ///< they were in the buffer before
  bool body_at_hand = false;
  bool is_buffering = false;  ///< the last body callback said "buffer": the module sees `buffered`
  bool in_headers_callback = false;
  bool in_body_callback = false;
  bool in_trailers_callback = false;
  bool was_let_go = false;  ///< in the callback of headers or trailers that runs

  Headers trailers;
  bool trailers_at_hand = false;

  bool is_past_limit = false;  ///< more is held than Envoy holds
  bool is_paused = false;      ///< the sender waits for that; what it sends by then is not read
  struct Unread {
    std::string body;
    bool has_end = false;        ///< that body ends with its last byte
    bool has_empty_end = false;  ///< an empty chunk ends it
    std::optional<Headers> trailers = {};
  };
  Unread unread = {};

  // What came while everything was stopped.
  std::string waiting_body;
  bool body_waits = false;
  bool trailers_wait = false;

  bool end_of_stream = false;  ///< of what the callback that runs is given
  bool has_ended = false;      ///< all of the message has come

  Message passed;
  bool headers_passed = false;
  bool is_complete = false;

  size_t held() const { return buffered.size() + waiting_body.size(); }
};

struct StreamState {
  uint32_t id = 0;
  uint32_t root = 0;
  Flow request = {};
  Flow response = {};
  bool is_decoding = false;  ///< a callback of its request runs
  /// A local reply that was asked for there: it goes out when that has returned.
  std::optional<Message> prepared_reply = {};
  bool is_answered = false;   ///< a local reply was sent: the request goes nowhere
  bool is_bypassing = false;  ///< ... straight to the client, past the filters
  bool was_reset = false;
  bool was_closed = false;     ///< ... because the module asked for it
  bool is_ending = false;      ///< on_log and what comes after it
  bool is_logged = false;      ///< on_log has run
  bool is_unfiltered = false;  ///< it began after a trap, and the plugin fails open
  Asker asker = {};            ///< by the request as it came, whatever the filter makes of it
  bool is_deleted = false;     ///< after on_delete, until Envoy destroys what it has deleted
  bool was_cut_late = false;   ///< it was closed then

  /// Nothing more can come of it: Envoy keeps it no longer than the callback that runs.
  bool has_ended() const { return was_reset || is_bypassing || (is_answered && response.is_complete); }
};

}  // namespace wasmup::testing
