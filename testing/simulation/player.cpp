// SPDX-License-Identifier: MIT
#include "player.hpp"

#include <utility>

#include "wire.hpp"

namespace wasmup::testing {

using simulation::Event;
using simulation::Excuse;
using simulation::Kind;

namespace {

HostOptions options_of(const SimulationOptions& options, const simulation::Plan& plan) {
  HostOptions host = options.host;
  host.buffer_limit = plan.buffer_limit;
  host.random_seed = plan.name.seed;
  return host;
}

}  // namespace

SimulatedHost::SimulatedHost(const simulation::Plan& plan, const SimulationOptions& options,
                             const Invariant& invariant, const std::function<void(const std::string&)>& trace)
    : plan_(plan), options_(options), invariant_(invariant), watch_(plan, options) {
  watch_.tell(trace);
  watch_.note("the module starts");
  auto made = std::make_unique<Host::Implementation>(options_of(options, plan), &watch_);
  implementation_ = made.get();
  host_.reset(new Host(std::move(made)));
  watch_.look_at(*implementation_);
  if (has_started() && options_.prepare) options_.prepare(*host_);
}

void SimulatedHost::play() {
  contexts_.clear();
  for (const Event& event : plan_.events) {
    if (!has_started()) break;
    if (!event.same_pass) implementation_->end_pass();
    watch_.begin_event(event.serial);
    watch_.note(std::to_string(event.serial) + ". " + text_of(event));
    apply(event);
    settle();
  }
  implementation_->end_pass();
  watch_.begin_event(simulation::at_end);
  watch_.note("what is left is done: messages end, call-outs are answered, time passes");
  if (has_started()) drain();
  if (!has_started()) watch_.accuse(failure());
}

void SimulatedHost::conclude() {
  if (!options_.afterwards || !has_started()) return;
  options_.afterwards({.streams = count_,
                       .logs = implementation_->logs,
                       .hostcalls = implementation_->hostcalls,
                       .hostcalls_failed = watch_.failed() != 0});
}

void SimulatedHost::forget_records() { host_->clear_records(); }

SimulatedHost::Played* SimulatedHost::find(uint32_t number) {
  const auto found = played_.find(number);
  return found != played_.end() ? &found->second : nullptr;
}

void SimulatedHost::apply(const Event& event) {
  switch (event.kind) {
    case Kind::request:
    case Kind::connect:
      if (!contexts_.contains(event.stream)) open(event);
      return;
    case Kind::answer:
    case Kind::answer_fails:
      return apply_to_call(event);
    case Kind::grpc_metadata:
    case Kind::grpc_message:
    case Kind::grpc_trailers:
    case Kind::grpc_close:
      return apply_to_grpc(event);
    case Kind::time:
    case Kind::item:
    case Kind::foreign:
    case Kind::log:
    case Kind::reconfigure:
      return apply_to_root(event);
    default:
      break;
  }
  Played* const played = find(event.stream);
  if (played == nullptr) return;
  if (played->is_tcp) {
    apply_to_connection(event, *played);
  } else {
    apply_to_stream(event, *played);
  }
}

void SimulatedHost::open(const Event& event) {
  ++count_;
  const bool is_tcp = event.kind == Kind::connect;
  const uint32_t id = is_tcp ? implementation_->create_connection() : implementation_->create_stream();
  watch_.know_stream(id);
  contexts_[event.stream] = id;
  Played& played = played_[event.stream];
  played = {.number = event.stream, .context = id, .is_tcp = is_tcp};
  if (is_tcp) return;
  played.exchange.context = id;
  played.exchange.request.headers = event.headers;
  played.exchange.request_is_complete = event.end;
  implementation_->headers(implementation_->stream(id), true, event.headers, event.end);
}

void SimulatedHost::apply_to_stream(const Event& event, Played& played) {
  StreamState& stream = implementation_->stream(played.context);
  SimulatedExchange& exchange = played.exchange;
  switch (event.kind) {
    case Kind::request_body:
    case Kind::request_trailers: {
      if (exchange.request_is_complete) return;
      const bool is_trailers = event.kind == Kind::request_trailers;
      exchange.request.body += event.body;
      if (is_trailers) exchange.request.trailers = event.headers;
      exchange.request_is_complete = event.end || is_trailers;
      if (stream.is_answered) return;
      if (is_trailers) return implementation_->trailers(stream, true, event.headers);
      return implementation_->body(stream, true, event.body, event.end);
    }
    case Kind::client_leaves:
      return finish(played, true);
    default:
      played.upstream_waits.push_back(event);
  }
}

/// An upstream answers what has come to it: to the whole request, or to its headers already.
bool SimulatedHost::upstream_may(const Event& event, const Played& played) const {
  const Flow& request = implementation_->stream(played.context).request;
  if (!request.headers_passed) return false;
  return event.kind != Kind::response || !event.after_all || request.is_complete;
}

void SimulatedHost::pump(Played& played) {
  while (!played.upstream_waits.empty() && upstream_may(played.upstream_waits.front(), played)) {
    const Event event = std::move(played.upstream_waits.front());
    played.upstream_waits.pop_front();
    if (implementation_->stream(played.context).is_answered) continue;  // nobody listens to it any more
    respond(event, played);
  }
}

void SimulatedHost::respond(const Event& event, Played& played) {
  StreamState& stream = implementation_->stream(played.context);
  std::optional<Message>& response = played.exchange.response;
  if (played.response_ended || (event.kind == Kind::response) == response.has_value()) {
    if (event.kind != Kind::upstream_resets || played.response_ended) return;
  }
  switch (event.kind) {
    case Kind::response:
      response = Message{.headers = event.headers};
      played.response_ended = event.end;
      return implementation_->headers(stream, false, event.headers, event.end);
    case Kind::response_body:
      response->body += event.body;
      played.response_ended = event.end;
      return implementation_->body(stream, false, event.body, event.end);
    case Kind::response_trailers:
      response->trailers = event.headers;
      played.response_ended = true;
      return implementation_->trailers(stream, false, event.headers);
    default:
      return break_off(played);
  }
}

/// An upstream that breaks off before it answered is a 503 of Envoy's; later the client's stream is cut.
void SimulatedHost::break_off(Played& played) {
  StreamState& stream = implementation_->stream(played.context);
  played.response_ended = true;
  if (stream.response.has_started) {
    stream.was_reset = true;
    return;
  }
  constexpr std::string_view text =
      "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
  implementation_->local_reply(
      stream,
      reply(503, text, {{"content-length", std::to_string(text.size())}, {"content-type", "text/plain"}}));
}

/// Ends the streams of which nothing more can come, as Envoy does at once.
void SimulatedHost::settle() {
  std::vector<uint32_t> numbers;
  numbers.reserve(played_.size());
  for (const auto& [number, played] : played_) numbers.push_back(number);
  for (const uint32_t number : numbers) {
    Played* const played = find(number);
    if (played == nullptr || played->is_tcp) continue;
    pump(*played);
    const StreamState& stream = implementation_->stream(played->context);
    if (stream.has_ended() || stream.response.is_complete) finish(*played, false);
  }
}

void SimulatedHost::finish(Played& played, bool client_left) {
  if (played.is_tcp) {
    implementation_->end_connection(played.context);
    played_.erase(played.number);
    return;
  }
  const StreamState& stream = implementation_->stream(played.context);
  SimulatedExchange exchange = std::move(played.exchange);
  exchange.client_left = client_left;
  exchange.was_reset = stream.was_reset;
  if (stream.request.headers_passed) exchange.upstream = stream.request.passed;
  if (stream.response.headers_passed) exchange.client = stream.response.passed;
  const bool request_passed = stream.request.is_complete;
  const bool response_passed = stream.response.is_complete;
  const uint32_t number = played.number;
  const uint32_t context = played.context;
  played_.erase(number);
  implementation_->close_stream(context);
  exchange.hostcalls_failed = watch_.failed() != 0;
  if (!has_started()) return;
  for (const std::string& fault : simulation::wire_faults(exchange, request_passed, response_passed,
                                                          !watch_.is_excused(Excuse::length))) {
    watch_.accuse(fault);
  }
  if (invariant_) invariant_(exchange);
}

}  // namespace wasmup::testing
