// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <string>

#include <wasmup/wasmup.hpp>

/// Gathers the lines of all workers and ships them once a second, compressed, in one request. Every worker's
/// root registers the queue, and the last one to do so has it: that one gathers and ships for all.
struct Shipper : wasmup::RootContext {
  bool on_configure(wasmup::Bytes) {
    const auto registered = wasmup::SharedQueue::registered("lines");
    lines = *registered;
    return registered && wasmup::set_tick_period(std::chrono::seconds(1));
  }

  void on_queue_ready(wasmup::SharedQueue queue) {
    while (const auto line = queue.dequeue()) {
      if (batch_.size() + line->size() >= largest_batch) {
        ++lost_;
      } else {
        batch_.append(line->view()) += '\n';
      }
    }
  }

  void on_tick() {
    if (lost_ != 0) wasmup::log::warn("too much to ship: ", wasmup::Decimal(lost_), " lines are lost");
    lost_ = 0;
    if (batch_.empty() || is_under_way_) return;
    const auto body = wasmup::compress(batch_);
    const auto sent = wasmup::http_call(*this,
                                        {.cluster = "collector",
                                         .method = "POST",
                                         .authority = "collector",
                                         .path = "/lines",
                                         .timeout = std::chrono::seconds(5),
                                         .headers = {{"content-encoding", "deflate"}},
                                         .body = *body},
                                        &Shipper::on_answer);
    is_under_way_ = static_cast<bool>(sent);
    shipped_ = batch_.size();
    if (!sent) wasmup::log::warn("cannot ship: the collector is not there");
  }

  void on_answer(wasmup::HttpCallResponse answer) {
    is_under_way_ = false;
    if (answer.status() != 200) return wasmup::log::warn("not shipped, to be tried again");
    wasmup::log::info("shipped ", wasmup::Decimal(shipped_), " bytes");
    batch_.erase(0, shipped_);  // what came meanwhile stays
  }

  wasmup::SharedQueue lines;

 private:
  static constexpr size_t largest_batch = size_t{64} * 1024;

  std::string batch_;
  size_t shipped_ = 0;  ///< how much of it is under way
  size_t lost_ = 0;
  bool is_under_way_ = false;
};

/// Puts a line for each request into the queue.
struct LogShipping : wasmup::HttpFilter<Shipper> {
  void on_log(wasmup::AccessLog log) {
    const auto method = log.request_headers.get(":method");
    const auto path = log.request_headers.get(":path");
    const auto status = log.response_headers.get(":status");
    std::string line(method->view());
    line.append(1, ' ').append(path->view()).append(1, ' ').append(status->view());
    root().lines.enqueue(line).ignore();  // fails only for a queue that is not there
  }
};

WASMUP_REGISTER(LogShipping)
