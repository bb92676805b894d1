// SPDX-License-Identifier: MIT
#include "port_owner.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;

/// "socket:[INODE]" of every socket that listens on `port`, from /proc/net/tcp or tcp6: the columns are
/// number, local address (HEX:HEX), remote address, state (0A: listening), then inode as the tenth.
void add_listeners(const char* table, uint16_t port, std::set<std::string>& sockets) {
  std::ifstream file(table);
  const std::string ending = fmt::format(":{:04X}", port);
  for (std::string line; std::getline(file, line);) {
    std::istringstream columns(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    columns >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >>
        inode;
    if (state == "0A" && local.ends_with(ending)) sockets.insert("socket:[" + inode + "]");
  }
}

bool holds_one_of(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code error;  // a process may end, or be another user's, as we look
  for (fs::directory_iterator file(process / "fd", error), end; !error && file != end;
       file.increment(error)) {
    std::error_code unreadable;
    if (sockets.contains(fs::read_symlink(file->path(), unreadable).string())) return true;
  }
  return false;
}

}  // namespace

std::string port_owner(uint16_t port) {
  std::set<std::string> sockets;
  add_listeners("/proc/net/tcp", port, sockets);
  add_listeners("/proc/net/tcp6", port, sockets);
  if (sockets.empty()) return {};
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string pid = entry->path().filename();
    if (!std::ranges::all_of(pid, [](unsigned char c) { return std::isdigit(c) != 0; })) continue;
    if (!holds_one_of(entry->path(), sockets)) continue;
    std::string name;
    std::getline(std::ifstream(entry->path() / "comm") >> std::ws, name);
    return fmt::format("{} (process {})", name, pid);
  }
  return {};
}

}  // namespace wasmup::os
