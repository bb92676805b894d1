// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/wasmup.hpp>

/// Requests put their path into a queue; the root that has it logs what comes out.
struct Reader : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    if (configuration == "writer") return true;
    const wasmup::Result<wasmup::SharedQueue> queue = wasmup::SharedQueue::registered("paths");
    if (queue) own = *queue;
    return static_cast<bool>(queue);
  }
  void on_queue_ready(wasmup::SharedQueue queue) {
    if (queue != own) wasmup::log::error("another queue");
    for (wasmup::Result<wasmup::Bytes> item = queue.dequeue(); item; item = queue.dequeue()) {
      wasmup::log::info("took ", *item);
    }
    const wasmup::Result<wasmup::Bytes> none = queue.dequeue();
    wasmup::log::info("then ", std::to_string(static_cast<int>(none.status())));
  }

  wasmup::SharedQueue own;
};

struct Writer : wasmup::HttpFilter<Reader> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const wasmup::Result<wasmup::Bytes> path = headers.get(":path");
    const wasmup::Result<wasmup::Bytes> vm_id = headers.get("x-vm-id");
    const wasmup::Result<wasmup::SharedQueue> queue = wasmup::SharedQueue::resolved(*vm_id, "paths");
    if (!queue) {
      wasmup::log::warn("no queue: ", std::to_string(static_cast<int>(queue.status())));
      return;
    }
    queue->enqueue(*path).ignore();
    queue->enqueue("and more").ignore();
    if (wasmup::SharedQueue(77).enqueue("lost")) wasmup::log::error("there is no such queue");
  }
};

WASMUP_REGISTER(Writer)
