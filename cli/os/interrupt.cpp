// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace wasmup::os {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};

// A handler gets nothing but a number, so what it touches must be global.
std::atomic<bool> was_requested = false;
std::atomic<int> wake = -1;
std::array<struct sigaction, signals.size()> before;

void handle(int) {
  const int saved = errno;
  was_requested = true;
  // An eventfd that nobody reads stays readable: a signal between a look at requested() and poll is not lost.
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake, &one, sizeof(one));
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() {
  wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action{};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;
  for (size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before[i], nullptr);
  ::close(wake.exchange(-1));
  was_requested = false;
}

bool Interrupt::requested() { return was_requested; }

int Interrupt::wake_descriptor() { return wake; }

}  // namespace wasmup::os
