// SPDX-License-Identifier: MIT
#include "loopback.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wasmup::gateway {
namespace {

/// Binds a socket to `wanted` and gives the address that it got: "127.0.0.1", or "error NUMBER".
std::string bound(int type, const std::string& wanted, bool only_ipv6 = false) {
  const bool is_ipv6 = wanted.find(':') != std::string::npos;
  const int socket = ::socket(is_ipv6 ? AF_INET6 : AF_INET, type, 0);
  const int only = only_ipv6 ? 1 : 0;
  if (is_ipv6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
  sockaddr_storage address{};
  socklen_t size = is_ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  address.ss_family = is_ipv6 ? AF_INET6 : AF_INET;
  auto* const ipv4 = reinterpret_cast<sockaddr_in*>(&address);
  auto* const ipv6 = reinterpret_cast<sockaddr_in6*>(&address);
  void* const place = is_ipv6 ? static_cast<void*>(&ipv6->sin6_addr) : &ipv4->sin_addr;
  ::inet_pton(address.ss_family, wanted.c_str(), place);
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) {
    return "error " + std::to_string(errno);
  }
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  if (ipv4->sin_port == 0) return "no port";
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(address.ss_family, place, text, sizeof(text));
  return text;
}

/// Whether `look` holds in a child of a process that may bind to loopback only. Both are not ours, who would
/// not get rid of it.
bool holds_in_a_child(const std::function<bool()>& look) {
  const auto result_of = [](const std::function<bool()>& done) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(done() ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  };
  return result_of([&] {
    const auto thread = bind_to_loopback_only();
    const bool holds = thread && result_of(look);
    ::_exit(holds ? 0 : 1);  // its thread and all
    return false;
  });
}

TEST(LoopbackTest, the_control_a_socket_is_bound_to_what_it_wants) {
  EXPECT_EQ(bound(SOCK_STREAM, "0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(bound(SOCK_STREAM, "::"), "::");
}

TEST(LoopbackTest, every_address_of_the_network_becomes_loopback) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    EXPECT_TRUE(holds_in_a_child([&] { return bound(type, "0.0.0.0") == "127.0.0.1"; }));
    EXPECT_TRUE(holds_in_a_child([&] { return bound(type, "192.0.2.1") == "127.0.0.1"; }));
    EXPECT_TRUE(holds_in_a_child([&] { return bound(type, "::") == "::ffff:127.0.0.1"; }));
    EXPECT_TRUE(holds_in_a_child([&] { return bound(type, "::", true) == "::1"; }));
    EXPECT_TRUE(holds_in_a_child([&] { return bound(type, "::ffff:192.0.2.1") == "::ffff:127.0.0.1"; }));
  }
}

TEST(LoopbackTest, an_address_of_loopback_stays) {
  EXPECT_TRUE(holds_in_a_child([] { return bound(SOCK_STREAM, "127.0.0.5") == "127.0.0.5"; }));
  EXPECT_TRUE(holds_in_a_child([] { return bound(SOCK_STREAM, "::1", true) == "::1"; }));
}

TEST(LoopbackTest, what_cannot_be_bound_has_the_systems_reason) {
  EXPECT_TRUE(holds_in_a_child([] {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const auto* const wanted = reinterpret_cast<const sockaddr*>(&address);
    const int file = ::open("/dev/null", O_RDONLY);
    const bool no_socket = ::bind(file, wanted, sizeof(address)) != 0 && errno == ENOTSOCK;
    const bool not_open = ::bind(1000, wanted, sizeof(address)) != 0 && errno == EBADF;
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const bool too_short = ::bind(socket, wanted, 4) != 0 && errno == EINVAL;
    const bool nowhere = ::bind(socket, nullptr, sizeof(address)) != 0 && errno == EFAULT;
    return no_socket && not_open && too_short && nowhere;
  }));
}

TEST(LoopbackTest, what_is_not_of_the_network_is_bound_as_ever) {
  EXPECT_TRUE(holds_in_a_child([] {
    const int unix_socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{AF_UNIX, {}};  // none: the system gives it one
    const int netlink = ::socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    return ::bind(unix_socket, reinterpret_cast<sockaddr*>(&name), sizeof(sa_family_t)) == 0 &&
           ::bind(netlink, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }));
}

TEST(LoopbackTest, a_thread_of_a_child_is_held_to_it_too) {
  EXPECT_TRUE(holds_in_a_child([] {
    std::string seen;
    std::jthread([&] { seen = bound(SOCK_STREAM, "0.0.0.0"); }).join();
    return seen == "127.0.0.1";
  }));
}

TEST(LoopbackTest, there_is_no_other_way_to_bind) {
  EXPECT_TRUE(holds_in_a_child([] {
    char parameters[256] = {};
    return ::syscall(SYS_io_uring_setup, 1, parameters) == -1 && errno == ENOSYS;
  }));
}

}  // namespace
}  // namespace wasmup::gateway
