// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

Status log(Host::Implementation& host, Arguments& in) {
  const auto level = in.named<LogLevel>();
  const std::string_view text = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  if (level > LogLevel::critical) return Status::bad_argument;
  host.logs.push_back({level, std::string(text)});
  return Status::ok;
}

Status get_log_level(Host::Implementation& host, Arguments& in) {
  return give_number(*host.guest, in.out(), static_cast<uint32_t>(host.options.log_level));
}

Status get_current_time(Host::Implementation& host, Arguments& in) {
  const auto time = host.options.start.time_since_epoch() + host.now;
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
  return give_number(*host.guest, in.out(), static_cast<uint64_t>(nanoseconds));
}

Status set_tick_period(Host::Implementation& host, Arguments& in) {
  const std::chrono::milliseconds period(in.number());
  if (RootState* const root = host.current_root()) {
    root->tick_period = period;
    root->next_tick = host.now + root->tick_period;
  }
  return Status::ok;
}

Status notify_memory_growth(Host::Implementation&, Arguments& in) {
  in.number();
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_log", log},
    {"proxy_get_log_level", get_log_level},
    {"proxy_get_current_time_nanoseconds", get_current_time},
    {"proxy_set_tick_period_milliseconds", set_tick_period},
    {"emscripten_notify_memory_growth", notify_memory_growth},
};

}  // namespace

std::span<const HostcallEntry> log_and_time_hostcalls() { return entries; }

}  // namespace wasmup::testing
