// SPDX-License-Identifier: MIT
#include "answer.hpp"

#include <array>
#include <poll.h>
#include <string>
#include <unistd.h>

#include "interrupt.hpp"

namespace wasmup::os {

bool can_ask() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

bool read_yes() {
  std::string line;
  while (!Interrupt::requested() && !line.ends_with('\n')) {
    std::array<pollfd, 2> entries{
        {{STDIN_FILENO, POLLIN, 0},
         {Interrupt::wake_descriptor(), POLLIN, 0}}};  // of -1, poll takes no notice
    if (::poll(entries.data(), entries.size(), -1) <= 0 || (entries[0].revents == 0)) continue;
    char letter = 0;
    if (::read(STDIN_FILENO, &letter, 1) != 1) return false;
    line += letter;
  }
  return line == "y\n" || line == "Y\n" || line == "yes\n";
}

}  // namespace wasmup::os
