// SPDX-License-Identifier: MIT
#include "loopback.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../os/descriptor.hpp"

namespace wasmup::gateway {
namespace {

#if defined(__x86_64__)
constexpr uint32_t our_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t our_architecture = AUDIT_ARCH_AARCH64;
#endif
constexpr uint32_t other_calls = 0x40000000;  ///< from here on, those of x86-64's other convention (x32)

constexpr sock_filter load(size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<uint32_t>(offset)};
}
constexpr sock_filter skip_next_unless_equal(uint32_t value) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value};
}
constexpr sock_filter skip_next_unless_at_least(uint32_t value) {
  return {BPF_JMP | BPF_JGE | BPF_K, 0, 1, value};
}
constexpr sock_filter skip_next_if_equal(uint32_t value) { return {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value}; }
constexpr sock_filter give(uint32_t what) { return {BPF_RET | BPF_K, 0, 0, what}; }

/// We are asked about each bind(); what could bind in another way (calls of another architecture, io_uring)
/// is not there.
int install_filter() {
  constexpr uint32_t not_there = SECCOMP_RET_ERRNO | ENOSYS;
  std::array filter{load(offsetof(seccomp_data, arch)),
                    skip_next_if_equal(our_architecture),
                    give(not_there),
                    load(offsetof(seccomp_data, nr)),
                    skip_next_unless_at_least(other_calls),
                    give(not_there),
                    skip_next_unless_equal(SYS_io_uring_setup),
                    give(not_there),
                    skip_next_unless_equal(SYS_bind),
                    give(SECCOMP_RET_USER_NOTIF),
                    give(SECCOMP_RET_ALLOW)};
  const sock_fprog program{static_cast<uint16_t>(filter.size()), filter.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

/// The process that a thread belongs to.
pid_t process_of(pid_t thread) {
  std::ifstream status(fmt::format("/proc/{}/status", thread));
  constexpr std::string_view name = "Tgid:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return static_cast<pid_t>(std::stoi(line.substr(name.size())));
  }
  return 0;
}

/// Another process's socket, as a descriptor of ours.
os::Descriptor socket_of(pid_t thread, int number) {
  const os::Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, process_of(thread), 0)));
  return os::Descriptor(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0)));
}

bool takes_ipv4_too(int socket) {
  int only_ipv6 = 0;
  socklen_t size = sizeof(only_ipv6);
  return ::getsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6, &size) == 0 && only_ipv6 == 0;
}

bool is_loopback(const in_addr& address) { return (ntohl(address.s_addr) >> 24U) == 127; }

bool is_loopback(const in6_addr& address) {
  return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

int bind_to_loopback(int socket, sockaddr_in wanted) {
  if (!is_loopback(wanted.sin_addr)) wanted.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&wanted), sizeof(wanted));
}

int bind_to_loopback(int socket, sockaddr_in6 wanted) {
  constexpr in6_addr ipv4_loopback{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}}};
  if (!is_loopback(wanted.sin6_addr)) {
    wanted.sin6_addr = takes_ipv4_too(socket) ? ipv4_loopback : in6_addr IN6ADDR_LOOPBACK_INIT;
  }
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&wanted), sizeof(wanted));
}

template <class Address>
int bind_in_its_place(int socket, const sockaddr_storage& wanted) {
  Address address{};
  std::memcpy(&address, &wanted, sizeof(address));
  return bind_to_loopback(socket, address) == 0 ? 0 : -errno;
}

/// Binds in the asking thread's place; addresses that are not of the network are its own to bind.
seccomp_notif_resp answer_to(int listener, const seccomp_notif& asked) {
  seccomp_notif_resp answer{asked.id, 0, 0, 0};
  sockaddr_storage wanted{};
  const iovec ours{&wanted, std::min<size_t>(asked.data.args[2], sizeof(wanted))};
  const iovec its{reinterpret_cast<void*>(asked.data.args[1]), ours.iov_len};
  const pid_t thread = static_cast<pid_t>(asked.pid);
  const ssize_t size = ::process_vm_readv(thread, &ours, 1, &its, 1, 0);
  const bool is_ipv4 = wanted.ss_family == AF_INET;
  const bool is_ipv6 = wanted.ss_family == AF_INET6;
  if (size < 0) {
    answer.error = -errno;
  } else if (!is_ipv4 && !is_ipv6) {
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  } else if (static_cast<size_t>(size) < (is_ipv4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6))) {
    answer.error = -EINVAL;
  } else {
    const os::Descriptor socket = socket_of(thread, static_cast<int>(asked.data.args[0]));
    // It may have ended meanwhile, and another have its number.
    if (!socket.open() || ::ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked.id) != 0) {
      answer.error = -EBADF;
    } else {
      answer.error = is_ipv4 ? bind_in_its_place<sockaddr_in>(socket.get(), wanted)
                             : bind_in_its_place<sockaddr_in6>(socket.get(), wanted);
    }
  }
  return answer;
}

void answer_all(const std::stop_token& stop, const os::Descriptor& listener) {
  constexpr int a_moment = 100;
  while (!stop.stop_requested()) {
    pollfd waiting{listener.get(), POLLIN, 0};
    if (::poll(&waiting, 1, a_moment) <= 0 || (waiting.revents & POLLIN) == 0) continue;
    seccomp_notif asked{};
    if (::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) continue;
    seccomp_notif_resp answer = answer_to(listener.get(), asked);
    ::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

}  // namespace

Expected<std::jthread> bind_to_loopback_only() {
  std::promise<int> listener;
  // It starts first: what it binds itself, it is not asked about. Signals are for the thread that called.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread([ready = listener.get_future()](const std::stop_token& stop) mutable {
    const os::Descriptor asking(ready.get());
    if (asking.open()) answer_all(stop, asking);
  });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  const int number = install_filter();
  const std::string reason = std::strerror(errno);
  listener.set_value(number);
  if (number >= 0) return thread;
  return std::unexpected(Error{ExitCode::environment, "cannot keep the gateway's ports to this machine",
                               "seccomp: " + reason, "a system with Linux 5.6 or later, and seccomp"});
}

}  // namespace wasmup::gateway
