// SPDX-License-Identifier: MIT
#include <charconv>
#include <utility>

#include "player.hpp"

/// What comes of call-outs, to roots, and to TCP connections in a simulation.
namespace wasmup::testing {

using simulation::Event;
using simulation::Kind;

namespace {

/// The call that an event is about: the oldest that its stream asked for, else the so many-th of all.
template <class Pending>
std::optional<uint32_t> token_of(const Event& event, const Pending& pending, const simulation::Watch& watch,
                                 std::optional<uint32_t> context) {
  std::vector<uint32_t> tokens;
  for (const auto& [token, one] : pending) {
    if (event.stream == 0 || (context && watch.asker_of(token) == context)) tokens.push_back(token);
  }
  if (tokens.empty()) return std::nullopt;
  return event.stream == 0 ? tokens[event.number % tokens.size()] : tokens.front();
}

uint32_t number_of(const std::string& text) {
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void SimulatedHost::apply_to_call(const Event& event) {
  // Streams that have ended are asked for, too: what they asked for comes all the same.
  const auto context = contexts_.find(event.stream);
  const auto token = token_of(event, implementation_->http_calls.pending, watch_,
                              context != contexts_.end() ? std::optional(context->second) : std::nullopt);
  if (!token) return;
  const Message answer{.headers = event.headers, .body = event.body};
  implementation_->answer_http_call(*token, event.kind == Kind::answer ? &answer : nullptr);
}

void SimulatedHost::apply_to_grpc(const Event& event) {
  const auto context = contexts_.find(event.stream);
  auto open = implementation_->grpc_calls.open;
  std::erase_if(open, [](const auto& one) { return one.second.is_remote_closed; });
  const auto token = token_of(event, open, watch_,
                              context != contexts_.end() ? std::optional(context->second) : std::nullopt);
  if (!token) return;
  switch (event.kind) {
    case Kind::grpc_metadata:
      if (!open.at(*token).has_begun) implementation_->receive_grpc_initial_metadata(*token, event.headers);
      return;
    case Kind::grpc_message:
      return implementation_->receive_grpc_message(*token, event.body);
    case Kind::grpc_trailers:
      if (!open.at(*token).has_trailing_metadata) {
        implementation_->receive_grpc_trailing_metadata(*token, event.headers);
      }
      return;
    default:
      return implementation_->close_grpc(*token, number_of(event.body), "");
  }
}

void SimulatedHost::apply_to_connection(const Event& event, Played& played) {
  ConnectionState& connection = implementation_->connection(played.context);
  if (event.kind == Kind::connection_close) {
    implementation_->close_downstream(connection, event.number != 0 ? PeerType::local : PeerType::remote);
    return finish(played, true);
  }
  const bool is_downstream = event.kind == Kind::downstream_data;
  const DataFlow& flow = is_downstream ? connection.downstream : connection.upstream;
  if (connection.is_closed || flow.end_of_stream || (!is_downstream && connection.is_held)) return;
  implementation_->data(connection, is_downstream, event.body, event.end);
}

void SimulatedHost::apply_to_root(const Event& event) {
  switch (event.kind) {
    case Kind::time:
      return implementation_->advance(std::chrono::milliseconds(event.number));
    case Kind::item: {
      std::vector<std::string> names;
      names.reserve(implementation_->shared.queues.size());
      for (const auto& [token, queue] : implementation_->shared.queues) names.push_back(queue.name);
      for (const std::string& name : names) host_->enqueue(name, event.body);
      return;
    }
    case Kind::foreign:
      return host_->call_foreign(event.number, event.body);
    case Kind::log:
      return host_->log(get("/logged"), reply(200));
    default:
      host_->reconfigure(options_.host.plugin_configuration);
  }
}

}  // namespace wasmup::testing
