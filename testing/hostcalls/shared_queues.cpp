// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

/// The token of the queue with this name, or 0.
uint32_t token_of(const SharedState& shared, std::string_view name) {
  for (const auto& [token, queue] : shared.queues) {
    if (queue.name == name) return token;
  }
  return 0;
}

/// Whoever registered last is told, once what runs now has returned.
void put(Host::Implementation& host, uint32_t token, std::string_view item) {
  SharedState::Queue& queue = host.shared.queues.at(token);
  queue.items.emplace_back(item);
  const auto tell = [&host, root = queue.root, token] {
    const uint32_t arguments[] = {root, token};
    if (host.root(root) != nullptr) host.call(root, "proxy_on_queue_ready", arguments, 0);
  };
  host.defer(tell);
}

Status register_queue(Host::Implementation& host, Arguments& in) {
  const std::string_view name = in.text();
  const Address out = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  uint32_t token = token_of(host.shared, name);
  if (token == 0) {
    token = ++host.shared.last_token;
    host.shared.queues[token].name = name;
  }
  if (const RootState* const root = host.current_root()) host.shared.queues[token].root = root->id;
  return give_number(*host.guest, out, token);
}

Status resolve_queue(Host::Implementation& host, Arguments& in) {
  const std::string_view vm_id = in.text();
  const std::string_view name = in.text();
  const Address out = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  const bool is_own = vm_id.empty() || vm_id == host.options.vm_id;
  const uint32_t token = is_own ? token_of(host.shared, name) : 0;
  return token != 0 ? give_number(*host.guest, out, token) : Status::not_found;
}

Status enqueue(Host::Implementation& host, Arguments& in) {
  const uint32_t token = in.number();
  const std::string_view item = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  if (!host.shared.queues.contains(token)) return Status::not_found;
  put(host, token, item);
  return Status::ok;
}

Status dequeue(Host::Implementation& host, Arguments& in) {
  const uint32_t token = in.number();
  const Address data = in.out();
  const Address size = in.out();
  const auto found = host.shared.queues.find(token);
  if (found == host.shared.queues.end()) return Status::not_found;
  auto& items = found->second.items;
  if (items.empty()) return Status::empty;
  const std::string item = std::move(items.front());
  items.pop_front();
  return host.give(data, size, item);
}

constexpr HostcallEntry entries[] = {
    {"proxy_register_shared_queue", register_queue},
    {"proxy_resolve_shared_queue", resolve_queue},
    {"proxy_enqueue_shared_queue", enqueue},
    {"proxy_dequeue_shared_queue", dequeue},
};

}  // namespace

std::span<const HostcallEntry> shared_queue_hostcalls() { return entries; }

// ---- the public face

std::optional<std::vector<std::string>> Host::shared_queue(std::string_view name) const {
  const SharedState& shared = implementation_->shared;
  const uint32_t token = token_of(shared, name);
  if (token == 0) return std::nullopt;
  const auto& items = shared.queues.at(token).items;
  return std::vector<std::string>(items.begin(), items.end());
}

void Host::enqueue(std::string_view queue, std::string_view item) {
  const uint32_t token = token_of(implementation_->shared, queue);
  if (token == 0) {
    ADD_FAILURE() << "no queue '" << queue << "' has been registered";
    return;
  }
  put(*implementation_, token, item);
  implementation_->settle();
}

}  // namespace wasmup::testing
