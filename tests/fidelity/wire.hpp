// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "../envoy/tcp_peer.hpp"
#include "http1.hpp"

namespace wasmup::fidelity {

/// One connection and what has come on it.
class Wire {
 public:
  explicit Wire(TcpPeer peer) : peer_(std::move(peer)) {}

  void send(const std::string& bytes) { peer_->send(bytes); }
  /// Whether the other side takes no more.
  bool is_ended() const { return is_ended_; }
  /// Whether all of its message has come, or its end.
  bool is_over() const { return is_ended_ || (message() && message()->is_complete); }
  void close() { peer_.reset(); }

  /// Takes what has come, without waiting.
  void read() {
    while (peer_ && !is_ended_ && peer_->has_news()) {
      const std::string byte = peer_->receive(1);
      is_ended_ = byte.empty();
      received_ += byte;
    }
  }
  std::optional<http1::Message> message() const { return http1::parse(received_); }
  /// Whether the other side has closed it before a whole message had come.
  bool is_cut() const { return is_ended_ && !(message() && message()->is_complete); }

 private:
  std::optional<TcpPeer> peer_;  ///< nothing: closed by us
  std::string received_;
  bool is_ended_ = false;
};

}  // namespace wasmup::fidelity
