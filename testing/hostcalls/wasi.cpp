// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <string>

#include <wasmup/wasi.hpp>

#include "hostcalls.hpp"

/// WASI as Envoy plays it: a clock, randomness, the VM's own variables, two outputs that go to the log, and a
/// "no" for the rest. Its own numbers stand where other hostcalls have a status.
namespace wasmup::testing {
namespace {

constexpr wasi::Errno bad_file{8};

/// The machine has been up for a while when the test begins: Go gives up when a clock says 0.
constexpr std::chrono::hours uptime{1};

constexpr Status answer(wasi::Errno number) { return static_cast<Status>(number); }

Status written(bool is_written) { return answer(is_written ? wasi::Errno::success : wasi::Errno::fault); }

Status clock_time_get(Host::Implementation& host, Arguments& in) {
  const wasi::Clock clock{in.number()};
  in.signed_number();  // the precision: Envoy does not look at it
  std::chrono::nanoseconds time = host.now;
  if (clock == wasi::Clock::realtime) {
    time += host.options.start.time_since_epoch();
  } else if (clock == wasi::Clock::monotonic) {
    time += uptime;
  } else {
    return answer(wasi::Errno::not_supported);
  }
  return written(give_number(*host.guest, in.out(), static_cast<uint64_t>(time.count())) == Status::ok);
}

Status random_get(Host::Implementation& host, Arguments& in) {
  const Address buffer = in.out();
  const uint32_t size = in.number();
  if (size > wasi::max_random_bytes) return answer(wasi::Errno::invalid);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(host.random());
  return written(host.guest->write(buffer, bytes));
}

Status environ_sizes_get(Host::Implementation& host, Arguments& in) {
  const Address count = in.out();
  const Address size = in.out();
  size_t total = 0;
  for (const auto& [name, value] : host.options.environment) total += name.size() + value.size() + 2;
  return written(write_word(*host.guest, count, host.options.environment.size()) &&
                 write_word(*host.guest, size, total));
}

Status environ_get(Host::Implementation& host, Arguments& in) {
  Address entry = in.out();
  Address text = in.out();
  for (const auto& [name, value] : host.options.environment) {
    const std::string variable = name + "=" + value + '\0';
    if (!write_word(*host.guest, entry, text) || !host.guest->write(text, variable)) return written(false);
    entry += host.guest->word_size();
    text += variable.size();
  }
  return written(true);
}

/// Nothing to pass on, and nobody to pass it.
Status args_sizes_get(Host::Implementation& host, Arguments& in) {
  const Address count = in.out();
  const Address size = in.out();
  return written(write_word(*host.guest, count, 0) && write_word(*host.guest, size, 0));
}

/// The standard outputs, a vector of pieces: one line of the log without its line break.
Status fd_write(Host::Implementation& host, Arguments& in) {
  const uint32_t file = in.number();
  const Address pieces = in.out();
  const uint32_t count = in.number();
  const Address written_size = in.out();
  if (file != 1 && file != 2) return answer(bad_file);
  std::string text;
  for (uint32_t i = 0; i != count; ++i) {
    const auto piece = host.guest->read(pieces + 8 * Address{i}, 8);
    if (!piece) return answer(wasi::Errno::fault);
    uint32_t address_and_size[2] = {};
    std::copy(piece->begin(), piece->end(), reinterpret_cast<char*>(address_and_size));
    const auto bytes = host.guest->read(address_and_size[0], address_and_size[1]);
    if (!bytes) return answer(wasi::Errno::fault);
    text += *bytes;
  }
  const auto size = static_cast<uint32_t>(text.size());
  if (text.ends_with('\n')) text.pop_back();
  if (size != 0) host.logs.push_back({file == 1 ? LogLevel::info : LogLevel::error, std::move(text)});
  return written(give_number(*host.guest, written_size, size) == Status::ok);
}

/// An output that is no terminal, and can be written to.
Status fd_fdstat_get(Host::Implementation& host, Arguments& in) {
  const uint32_t file = in.number();
  if (file != 1 && file != 2) return answer(bad_file);
  std::string status(24, '\0');
  status[8] = 64;  // the right to write
  return written(host.guest->write(in.out(), status));
}

Status poll_oneoff(Host::Implementation& host, Arguments& in) {
  in.out();
  in.out();
  in.number();
  return written(write_word(*host.guest, in.out(), 0));
}

/// Envoy says so in its log, and goes on.
Status proc_exit(Host::Implementation&, Arguments& in) {
  in.number();
  return answer(wasi::Errno::success);
}

template <uint32_t number>
Status always(Host::Implementation&, Arguments&) {
  return answer(wasi::Errno{number});
}

constexpr HostcallEntry entries[] = {
    {"args_get", always<0>},
    {"args_sizes_get", args_sizes_get},
    {"clock_time_get", clock_time_get},
    {"environ_get", environ_get},
    {"environ_sizes_get", environ_sizes_get},
    {"fd_close", always<0>},
    {"fd_fdstat_get", fd_fdstat_get},
    {"fd_fdstat_set_flags", always<52>},
    {"fd_prestat_dir_name", always<52>},
    {"fd_prestat_get", always<8>},
    {"fd_read", always<52>},
    {"fd_seek", always<0>},
    {"fd_write", fd_write},
    {"path_filestat_get", always<58>},
    {"path_open", always<44>},
    {"poll_oneoff", poll_oneoff},
    {"proc_exit", proc_exit},
    {"random_get", random_get},
    {"sched_yield", always<0>},
};

}  // namespace

std::span<const HostcallEntry> wasi_hostcalls() { return entries; }

}  // namespace wasmup::testing
