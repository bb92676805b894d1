// SPDX-License-Identifier: MIT
#include "network.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

#include "descriptor.hpp"
#include "port_owner.hpp"

namespace wasmup::os {
namespace {

using testing::HasSubstr;

/// A server on a port of its own, as another program may be.
class Listener {
 public:
  explicit Listener(in_addr_t on, bool listens = true)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    EXPECT_EQ(::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(on);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listens ? ::listen(socket_.get(), 1) : 0, 0);
    EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
  }

  uint16_t port = 0;

 private:
  Descriptor socket_;
};

TEST(network, free_ports_are_different) {
  const std::vector<uint16_t> ports = make_network()->free_ports(16).value();
  const std::set different(ports.begin(), ports.end());
  EXPECT_EQ(different.size(), 16u);
  EXPECT_FALSE(different.contains(0));
}

TEST(network, a_port_on_which_nobody_listens_is_free) {
  // Bound as a connection that lingers is, so that no other test gets the port as we look.
  const Listener bound(INADDR_LOOPBACK, false);
  EXPECT_TRUE(make_network()->check_free(bound.port));
}

TEST(network, a_port_in_use_is_an_error_that_names_who_is_there) {
  const Listener listener(INADDR_LOOPBACK);
  const Expected<void> checked = make_network()->check_free(listener.port);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ExitCode::environment);
  EXPECT_EQ(checked.error().what, "cannot listen on 127.0.0.1:" + std::to_string(listener.port));
  EXPECT_THAT(checked.error().seen, HasSubstr("(process " + std::to_string(::getpid()) + ") listens there"));
  EXPECT_THAT(checked.error().next, HasSubstr("--port"));
}

TEST(network, a_server_on_every_address_is_in_the_way_too) {
  const Listener listener(INADDR_ANY);
  EXPECT_FALSE(make_network()->check_free(listener.port));
}

TEST(port_owner, is_empty_when_nobody_listens) {
  uint16_t port = 0;
  {
    const Listener listener(INADDR_LOOPBACK);
    port = listener.port;
    EXPECT_NE(port_owner(port), "");
  }
  EXPECT_EQ(port_owner(port), "");
}

}  // namespace
}  // namespace wasmup::os
