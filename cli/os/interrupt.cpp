// SPDX-License-Identifier: MIT
#include "interrupt.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <signal.h>
#include <string_view>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

namespace wasmup::os {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};

// A handler gets nothing but a number, so what it touches must be global.
std::atomic<bool> was_requested = false;
std::atomic<int> wake = -1;
std::array<struct sigaction, signals.size()> before;

/// Nanoseconds of the first signal; 0: none came yet.
std::atomic<int64_t> first = 0;

int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// The same Ctrl-C may come twice: from the terminal, and from whoever started us.
bool is_another_one() {
  constexpr int64_t moment = 100'000'000;
  int64_t begun = 0;
  return !first.compare_exchange_strong(begun, now()) && now() - begun > moment;
}

void handle(int signal) {
  const int saved = errno;
  if (signal != SIGPIPE && is_another_one()) {
    constexpr std::string_view message = "\ninterrupted twice: ended at once, without cleaning up\n";
    [[maybe_unused]] const ssize_t said = ::write(STDERR_FILENO, message.data(), message.size());
    ::_exit(130);
  }
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
  first = 0;
}

bool Interrupt::requested() { return was_requested; }

int Interrupt::wake_descriptor() { return wake; }

}  // namespace wasmup::os
