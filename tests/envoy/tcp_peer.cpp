// SPDX-License-Identifier: MIT
#include "tcp_peer.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string.h>
#include <sys/socket.h>

namespace wasmup {
namespace {

constexpr std::chrono::milliseconds at_once(0);
constexpr std::chrono::milliseconds plenty = std::chrono::seconds(30);

/// Throws what has just gone wrong.
[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + ::strerror(errno)); }

bool is_readable(int socket, std::chrono::milliseconds limit) {
  pollfd wanted{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(limit.count())) == 1;
}

void wait_until_readable(int socket) {
  if (!is_readable(socket, plenty)) throw std::runtime_error("what the test waits for did not come");
}

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

os::Descriptor make_socket() {
  os::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) fail("socket");
  return socket;
}

}  // namespace

TcpPeer TcpPeer::connect(uint16_t port) {
  os::Descriptor socket = make_socket();
  const sockaddr_in address = loopback(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    fail("connect");
  }
  return TcpPeer(std::move(socket));
}

void TcpPeer::send(std::string_view bytes) {
  if (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    fail("send");
  }
}

void TcpPeer::end() {
  if (::shutdown(socket_.get(), SHUT_WR) != 0) fail("shutdown");
}

void TcpPeer::cut() {
  const linger none{.l_onoff = 1, .l_linger = 0};
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof(none)) != 0) fail("setsockopt");
  socket_.close();
}

std::string TcpPeer::receive(size_t size) {
  std::string received;
  while (received.size() < size) {
    wait_until_readable(socket_.get());
    std::array<char, 4096> chunk{};
    const ssize_t count =
        ::recv(socket_.get(), chunk.data(), std::min(chunk.size(), size - received.size()), 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) break;
    if (count < 0) fail("recv");
    received.append(chunk.data(), static_cast<size_t>(count));
  }
  return received;
}

bool TcpPeer::has_news() const { return is_readable(socket_.get(), at_once); }

TcpListener::TcpListener() : socket_(make_socket()) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_.get(), any, size) != 0 || ::listen(socket_.get(), 16) != 0 ||
      ::getsockname(socket_.get(), any, &size) != 0) {
    fail("listen");
  }
  port_ = ntohs(address.sin_port);
}

TcpPeer TcpListener::accept() {
  wait_until_readable(socket_.get());
  os::Descriptor socket(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.open()) fail("accept");
  return TcpPeer(std::move(socket));
}

bool TcpListener::has_connection() const { return is_readable(socket_.get(), at_once); }

}  // namespace wasmup
