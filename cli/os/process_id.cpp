// SPDX-License-Identifier: MIT
#include "process_id.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <sstream>
#include <string>
#include <sys/types.h>

namespace wasmup::os {
namespace {

struct Stat {
  char state = 0;
  uint64_t started = 0;
};

/// /proc/NUMBER/stat: the name, in brackets, may hold anything; the state is the first field behind it, the
/// start the twentieth.
std::optional<Stat> read_stat(int number) {
  std::ifstream file(fmt::format("/proc/{}/stat", number));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t name_end = text.rfind(')');
  if (number <= 0 || name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  Stat stat;
  fields >> stat.state;
  std::string skipped;
  for (int i = 0; i < 18; ++i) fields >> skipped;
  fields >> stat.started;
  return fields ? std::optional(stat) : std::nullopt;
}

}  // namespace

std::optional<ProcessId> identify(int number) {
  const std::optional<Stat> stat = read_stat(number);
  if (!stat) return std::nullopt;
  return ProcessId{number, stat->started};
}

bool lives(const ProcessId& process) {
  const std::optional<Stat> stat = read_stat(process.number);
  return stat && stat->started == process.started && stat->state != 'Z' && stat->state != 'X';
}

void send_signal(const ProcessId& process, int signal, bool group) {
  if (process.number <= 1 || identify(process.number) != process) return;
  ::kill(group ? -process.number : process.number, signal);
}

}  // namespace wasmup::os
