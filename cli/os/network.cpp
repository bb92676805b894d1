// SPDX-License-Identifier: MIT
#include "network.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "descriptor.hpp"
#include "port_owner.hpp"

namespace wasmup::os {
namespace {

/// A socket bound to 127.0.0.1:port (0: the system picks), or not open, with the reason in errno.
Descriptor bind_loopback(uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) return {};
  // As servers do: connections that linger from an earlier server do not hold the port, a listener does.
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return {};
  return socket;
}

uint16_t port_of(const Descriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

class SystemNetwork : public Network {
 public:
  Expected<std::vector<uint16_t>> free_ports(int count) override {
    std::vector<Descriptor> held;
    std::vector<uint16_t> ports;
    for (int i = 0; i < count; ++i) {
      held.push_back(bind_loopback(0));
      if (!held.back().open()) {
        return std::unexpected(Error{ExitCode::environment, "there is no free port on 127.0.0.1",
                                     std::strerror(errno), "end a server you no longer need"});
      }
      ports.push_back(port_of(held.back()));
    }
    return ports;
  }

  Expected<void> check_free(uint16_t port) override {
    if (bind_loopback(port).open()) return {};
    const int reason = errno;
    const std::string what = fmt::format("cannot listen on 127.0.0.1:{}", port);
    if (reason != EADDRINUSE) {
      return std::unexpected(
          Error{ExitCode::environment, what, std::strerror(reason), "choose another port with --port"});
    }
    const std::string owner = port_owner(port);
    return std::unexpected(Error{ExitCode::environment, what,
                                 owner.empty() ? "another program listens there" : owner + " listens there",
                                 "choose another port with --port, or end that program"});
  }
};

}  // namespace

std::unique_ptr<Network> make_network() { return std::make_unique<SystemNetwork>(); }

}  // namespace wasmup::os
