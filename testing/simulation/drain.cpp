// SPDX-License-Identifier: MIT
#include "player.hpp"

/// The end of a run: everybody does their part, so that nothing has a reason to be held any more.
namespace wasmup::testing {

using simulation::Excuse;
using simulation::Kind;

namespace {

constexpr uint32_t rounds[] = {100, 900, 4000, 10'000, 15'000, 30'000};

std::string held_text(const StreamState& stream) {
  if (stream.request.is_paused || stream.response.is_paused) {
    return stream.request.is_paused ? "a request is held for ever: more of it than Envoy's buffer limit "
                                      "waits, so that no more comes"
                                    : "a response is held for ever: more of it than Envoy's buffer limit "
                                      "waits, so that no more comes";
  }
  if (stream.response.has_started) return "a response is held for ever";
  return "a request is held for ever";
}

}  // namespace

bool SimulatedHost::is_at_rest() const {
  return played_.empty() && implementation_->http_calls.pending.empty() &&
         implementation_->grpc_calls.open.empty();
}

void SimulatedHost::drain() {
  for (const uint32_t time : rounds) {
    if (is_at_rest() || !has_started()) break;
    complete_messages();
    answer_all();
    if (!has_started()) return;
    implementation_->end_pass();
    implementation_->advance(std::chrono::milliseconds(time));
    settle();
  }
  if (!has_started()) return;
  settle();
  check_held();
  while (!played_.empty() && has_started()) {
    finish(played_.begin()->second, true);
    implementation_->end_pass();
  }
}

void SimulatedHost::complete_messages() {
  std::vector<uint32_t> numbers;
  numbers.reserve(played_.size());
  for (const auto& [number, played] : played_) numbers.push_back(number);
  for (const uint32_t number : numbers) {
    Played* const played = find(number);
    if (played == nullptr || !has_started()) continue;
    implementation_->end_pass();
    if (played->is_tcp) continue;
    if (!played->exchange.request_is_complete) {
      apply_to_stream({.kind = Kind::request_body, .end = true}, *played);
    }
    pump(*played);
    if (!played->response_ended && played->upstream_waits.empty()) {
      if (!played->exchange.response) {
        played->upstream_waits.push_back(
            {.kind = Kind::response, .headers = reply(200).headers, .end = true});
      } else {
        played->upstream_waits.push_back({.kind = Kind::response_body, .end = true});
      }
    }
    settle();
  }
}

void SimulatedHost::answer_all() {
  const Message answer = simulation::Vocabulary::friendly_answer();
  while (has_started() && !implementation_->http_calls.pending.empty()) {
    std::vector<uint32_t> tokens;
    tokens.reserve(implementation_->http_calls.pending.size());
    for (const auto& [token, pending] : implementation_->http_calls.pending) tokens.push_back(token);
    for (const uint32_t token : tokens) {
      implementation_->end_pass();
      if (implementation_->http_calls.pending.contains(token)) {
        implementation_->answer_http_call(token, &answer);
        settle();
      }
    }
    break;  // whoever asks again is answered in the next round
  }
  std::vector<uint32_t> tokens;
  tokens.reserve(implementation_->grpc_calls.open.size());
  for (const auto& [token, open] : implementation_->grpc_calls.open) tokens.push_back(token);
  for (const uint32_t token : tokens) {
    implementation_->end_pass();
    const auto is_open = [&] {
      const auto found = implementation_->grpc_calls.open.find(token);
      return has_started() && found != implementation_->grpc_calls.open.end() &&
             !found->second.is_remote_closed;
    };
    if (is_open()) implementation_->receive_grpc_message(token, "");
    settle();
    if (is_open()) implementation_->close_grpc(token, 0, "");
    settle();
  }
}

/// A stream whose client is there, and whose upstream has done its part.
void SimulatedHost::check_held() {
  if (watch_.is_excused(Excuse::held)) return;
  for (const auto& [number, played] : played_) {
    if (played.is_tcp) continue;
    watch_.note("stream " + std::to_string(number) + " (context " + std::to_string(played.context) + "):");
    watch_.accuse(held_text(implementation_->stream(played.context)));
  }
}

}  // namespace wasmup::testing
