// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "implementation.hpp"

/// One TCP connection as Envoy moves its data through a Wasm network filter and its TCP proxy.
namespace wasmup::testing {
namespace {

void pass(DataFlow& flow) {
  flow.passed += std::exchange(flow.buffer, {});
  flow.has_ended = flow.end_of_stream;
}

}  // namespace

uint32_t Host::Implementation::create_connection() {
  reload_when_due();
  const uint32_t id = next_id_++;
  ConnectionState& created = connections_[id] = ConnectionState{.id = id, .root = serving_root_};
  created.is_unfiltered = options.fail_open && !failure.empty();  // without a VM the filter is left out
  const uint32_t creation[] = {id, serving_root_};
  call(id, "proxy_on_context_create", creation, 0);
  created.is_held = call(id, "proxy_on_new_connection", std::span(&id, 1), 0).value_or(0) != 0;
  fails(created);
  return id;
}

ConnectionState& Host::Implementation::connection(uint32_t id) {
  const auto found = connections_.find(id);
  return found != connections_.end() ? found->second : closed_connections_.at(id);
}

/// Once the VM is dead its connections are closed when something comes, whether Envoy fails open or not.
bool Host::Implementation::fails(ConnectionState& connection) {
  if (connection.is_unfiltered || (failure.empty() && !lost_.contains(connection.id))) return false;
  connection.was_closed_by_filter = true;
  close_downstream(connection, PeerType::local);
  return true;
}

void Host::Implementation::data(ConnectionState& connection, bool is_downstream, std::string_view chunk,
                                bool end_of_stream) {
  DataFlow& flow = is_downstream ? connection.downstream : connection.upstream;
  if (!is_downstream && connection.is_held) ADD_FAILURE() << "a connection that is held has no upstream yet";
  if (flow.end_of_stream) ADD_FAILURE() << "data after the end of a stream";
  if (connection.is_closed) return;
  flow.buffer += chunk;
  flow.end_of_stream = end_of_stream;
  if (!connection.is_held) run_data(connection, is_downstream);
}

void Host::Implementation::run_data(ConnectionState& connection, bool is_downstream) {
  DataFlow& flow = is_downstream ? connection.downstream : connection.upstream;
  if (connection.is_unfiltered) {
    pass(flow);
  } else {
    flow.at_hand = true;
    const uint32_t arguments[] = {connection.id, static_cast<uint32_t>(flow.buffer.size()),
                                  flow.end_of_stream ? 1U : 0U};
    const auto answer = call(
        connection.id, is_downstream ? "proxy_on_downstream_data" : "proxy_on_upstream_data", arguments, 0);
    if (fails(connection) || connection.is_closed) return;  // what was at hand goes nowhere
    flow.at_hand = *answer != 0;
    if (!flow.at_hand) pass(flow);
    if (!is_downstream && flow.end_of_stream) {
      // The host does not see the upstream itself, only its last bytes.
      const uint32_t closing[] = {connection.id, static_cast<uint32_t>(PeerType::unknown)};
      call(connection.id, "proxy_on_upstream_connection_close", closing, 0);
    }
  }
  close_when_over(connection, is_downstream);
}

/// A connection that both sides have ended is closed: by the client when its end came last, else by Envoy.
/// For the client's end it does not matter whether the module lets it pass.
void Host::Implementation::close_when_over(ConnectionState& connection, bool is_downstream) {
  const DataFlow& downstream = connection.downstream;
  const DataFlow& upstream = connection.upstream;
  if (downstream.end_of_stream && upstream.has_ended) {
    close_downstream(connection, is_downstream ? PeerType::remote : PeerType::local);
  } else if (downstream.has_ended && upstream.end_of_stream && is_downstream) {
    close_downstream(connection, PeerType::local);
  }
}

void Host::Implementation::close_downstream(ConnectionState& connection, PeerType peer) {
  if (std::exchange(connection.is_closed, true)) return;
  const uint32_t id = connection.id;
  if (!connection.is_unfiltered) {
    const uint32_t closing[] = {id, static_cast<uint32_t>(peer)};
    call(id, "proxy_on_downstream_connection_close", closing, 0);
    call(id, "proxy_on_done", std::span(&id, 1), 1);
    call(id, "proxy_on_log", std::span(&id, 1), 0);
    call(id, "proxy_on_delete", std::span(&id, 1), 0);
  }
  // No hostcall reaches it any more; the test may still look at it.
  closed_connections_.insert(connections_.extract(id));
  lost_.erase(id);
  end_unused_roots();
}

Status Host::Implementation::continue_downstream() {
  if (const ConnectionState* const held = current_connection()) {
    defer([this, id = held->id] {
      if (const auto found = connections_.find(id); found != connections_.end()) resume(found->second);
    });
  }
  return Status::ok;
}

/// Goes on behind this filter: only what the filter has not seen yet comes to it.
void Host::Implementation::resume(ConnectionState& connection) {
  DataFlow& flow = connection.downstream;
  if (std::exchange(connection.is_held, false)) {
    if (!flow.buffer.empty() || flow.end_of_stream) run_data(connection, true);
  } else if (flow.at_hand) {
    pass(flow);
    close_when_over(connection, true);
  }
}

Status Host::Implementation::close_connection() {
  if (const ConnectionState* const closing = current_connection()) {
    defer([this, id = closing->id] {
      const auto found = connections_.find(id);
      if (found == connections_.end() || found->second.is_closed) return;
      found->second.was_closed_by_filter = true;
      close_downstream(found->second, PeerType::local);
    });
  }
  return Status::ok;
}

void Host::Implementation::end_connection(uint32_t id) {
  close_downstream(connection(id), PeerType::remote);
  closed_connections_.erase(id);
}

// ---- the public face

Connection Host::open_connection() { return {*implementation_, implementation_->create_connection()}; }

Connection::Connection(Host::Implementation& host, uint32_t id) : host_(&host), id_(id) {}
Connection::Connection(Connection&& other) noexcept
    : host_(std::exchange(other.host_, nullptr)), id_(other.id_) {}
Connection::~Connection() {
  if (host_ != nullptr) host_->end_connection(id_);
}

Connection& Connection::downstream_data(std::string_view chunk, bool end_of_stream) {
  host_->data(host_->connection(id_), true, chunk, end_of_stream);
  return *this;
}

Connection& Connection::upstream_data(std::string_view chunk, bool end_of_stream) {
  host_->data(host_->connection(id_), false, chunk, end_of_stream);
  return *this;
}

void Connection::close(PeerType by) { host_->close_downstream(host_->connection(id_), by); }

std::string Connection::to_upstream() const { return host_->connection(id_).downstream.passed; }
std::string Connection::to_client() const { return host_->connection(id_).upstream.passed; }
bool Connection::is_held() const { return host_->connection(id_).is_held; }
bool Connection::was_closed() const { return host_->connection(id_).was_closed_by_filter; }

}  // namespace wasmup::testing
