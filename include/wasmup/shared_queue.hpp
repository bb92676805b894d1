// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// A queue between the VMs of this Envoy: first in, first out, without a limit of its own. It lives as long
/// as any VM of its vm_id. A number: copying it copies nothing.
class SharedQueue {
 public:
  constexpr SharedQueue() = default;
  explicit constexpr SharedQueue(uint32_t token) : token_(token) {}

  /// The queue of this name of this VM's vm_id, made when it is not there; from now on what comes into it is
  /// told to this root context, by on_queue_ready, and to no other any more: workers take the queue over from
  /// one another, and the last one keeps it. proxy_register_shared_queue.
  static Result<SharedQueue> registered(std::string_view name) {
    uint32_t token = 0;
    const Status status = abi::proxy_register_shared_queue(name.data(), name.size(), &token);
    if (status != Status::ok) return status;
    return SharedQueue(token);
  }

  /// A queue that somebody has registered under this vm_id (empty: this VM's own), to put things in;
  /// `Status::not_found` when nobody has, so far. proxy_resolve_shared_queue.
  static Result<SharedQueue> resolved(std::string_view vm_id, std::string_view name) {
    uint32_t token = 0;
    const Status status =
        abi::proxy_resolve_shared_queue(vm_id.data(), vm_id.size(), name.data(), name.size(), &token);
    if (status != Status::ok) return status;
    return SharedQueue(token);
  }

  /// Puts something in. proxy_enqueue_shared_queue.
  Result<> enqueue(std::string_view item) const {
    return abi::proxy_enqueue_shared_queue(token_, item.data(), item.size());
  }

  /// Takes the oldest out; `Status::empty` when there is nothing (left). proxy_dequeue_shared_queue.
  Result<Bytes> dequeue() const {
    return detail::receive(
        [this](char** data, size_t* size) { return abi::proxy_dequeue_shared_queue(token_, data, size); });
  }

  /// The host's number for it.
  constexpr uint32_t token() const { return token_; }
  friend bool operator==(SharedQueue, SharedQueue) = default;

 private:
  uint32_t token_ = 0;
};

}  // namespace wasmup
