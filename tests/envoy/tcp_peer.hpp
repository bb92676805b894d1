// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "os/descriptor.hpp"

namespace wasmup {

/// One end of a TCP connection on loopback. What does not work, or does not come in time, fails the test.
class TcpPeer {
 public:
  static TcpPeer connect(uint16_t port);
  explicit TcpPeer(os::Descriptor socket) : socket_(std::move(socket)) {}

  void send(std::string_view bytes);
  /// No more will be sent; receiving goes on.
  void end();
  /// Cuts the connection (RST).
  void cut();
  /// So many bytes; fewer when the other side ends or cuts the connection before.
  std::string receive(size_t size);
  /// Whether the other side has sent nothing more, but its end (or a cut).
  bool is_ended() { return receive(1).empty(); }
  /// Whether something has come already, if only the end.
  bool has_news() const;

 private:
  os::Descriptor socket_;
};

/// Takes connections on a free port of loopback.
class TcpListener {
 public:
  TcpListener();
  uint16_t port() const { return port_; }
  TcpPeer accept();
  /// Whether a connection waits to be accepted.
  bool has_connection() const;

 private:
  os::Descriptor socket_;
  uint16_t port_ = 0;
};

}  // namespace wasmup
