// SPDX-License-Identifier: MIT
#include "cpu_time.hpp"

#include <fmt/format.h>
#include <system_error>
#include <time.h>

namespace wasmup::os {

Expected<std::chrono::nanoseconds> cpu_time(int pid) {
  clockid_t clock{};
  timespec time{};
  int error = ::clock_getcpuclockid(pid, &clock);
  if (error == 0 && ::clock_gettime(clock, &time) != 0) error = errno;
  if (error == 0) return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  return std::unexpected(Error{ExitCode::environment,
                               fmt::format("cannot read the CPU time of process {}", pid),
                               std::generic_category().message(error), ""});
}

}  // namespace wasmup::os
