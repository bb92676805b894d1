// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include "implementation.hpp"

/// One TCP connection as Envoy moves its data through a Wasm network filter.
namespace wasmup::testing {

uint32_t Host::Implementation::create_connection() {
  reload_when_due();
  const uint32_t id = next_id_++;
  connections_[id] = ConnectionState{.id = id, .root = serving_root_};
  const uint32_t creation[] = {id, serving_root_};
  call(id, "proxy_on_context_create", creation, 0);
  const auto answer = call(id, "proxy_on_new_connection", std::span(&id, 1), 0);
  connections_.at(id).is_held = answer && *answer != 0;
  return id;
}

void Host::Implementation::data(ConnectionState&, bool, std::string_view, bool) {}
void Host::Implementation::close_downstream(ConnectionState&, PeerType) {}

Status Host::Implementation::continue_downstream() { return Status::unimplemented; }
Status Host::Implementation::close_connection() { return Status::unimplemented; }

void Host::Implementation::end_connection(uint32_t id) { connections_.erase(id); }

}  // namespace wasmup::testing
