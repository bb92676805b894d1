// SPDX-License-Identifier: MIT
#include "private_root.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(const std::string& what, const std::string& reason) {
  return std::unexpected(Error{ExitCode::environment, what, reason,
                               "run it as root, or let users make namespaces (as root: sysctl -w "
                               "kernel.unprivileged_userns_clone=1, and on Ubuntu also "
                               "kernel.apparmor_restrict_unprivileged_userns=0)"});
}

std::unexpected<Error> failed(const std::string& what) { return failed(what, std::strerror(errno)); }

bool write_line(const char* file, const std::string& line) {
  std::ofstream stream(file);
  stream << line << std::flush;
  return stream.good();
}

/// We stay who we are: our number within means our number outside.
Expected<void> map_ourselves(uid_t user, gid_t group) {
  write_line("/proc/self/setgroups", "deny");  // an old kernel has no such file, and asks for none
  if (!write_line("/proc/self/uid_map", fmt::format("{} {} 1", user, user)) ||
      !write_line("/proc/self/gid_map", fmt::format("{} {} 1", group, group))) {
    return failed("cannot make a user namespace", "its user cannot be set");
  }
  return {};
}

Expected<void> unshare_mounts() {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return failed("cannot make a mount namespace");
    if (const auto mapped = map_ourselves(user, group); !mapped) return mapped;
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failed("cannot keep mounts to ourselves");
  }
  return {};
}

/// An empty file or folder to mount `content` on, with the folders on the way to it.
void make_place(const fs::path& place, const fs::path& content) {
  if (fs::exists(place)) return;
  fs::create_directories(fs::is_directory(content) ? place : place.parent_path());
  if (!fs::is_directory(content)) std::ofstream{place};
}

Expected<void> bind(const fs::path& content, const fs::path& place) {
  if (::mount(content.c_str(), place.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0) return {};
  return failed(fmt::format("cannot mount {} at {}", content.string(), place.string()));
}

/// All that the machine has at its root, each entry for itself, so that there is room for others beside them.
Expected<void> bind_root_entries(const fs::path& root) {
  for (const fs::directory_entry& entry : fs::directory_iterator("/")) {
    const fs::path place = root / entry.path().filename();
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), place);
      continue;
    }
    make_place(place, entry.path());
    if (const auto bound = bind(entry.path(), place); !bound) return bound;
  }
  return {};
}

/// Mounts beneath it included. What is mounted on it later is as it was.
Expected<void> make_read_only(const fs::path& root) {
  mount_attr wanted{};
  wanted.attr_set = MOUNT_ATTR_RDONLY;
  if (::syscall(SYS_mount_setattr, AT_FDCWD, root.c_str(), AT_RECURSIVE, &wanted, sizeof(wanted)) == 0) {
    return {};
  }
  return std::unexpected(Error{ExitCode::environment, "cannot make a root folder that can only be read",
                               std::strerror(errno), "a system with Linux 5.12 or later"});
}

Expected<void> enter(const PrivateRoot& wanted) {
  const fs::path& root = wanted.mount_point;
  const fs::path here = fs::current_path();
  if (const auto alone = unshare_mounts(); !alone) return alone;
  if (::mount("tmpfs", root.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") != 0) {
    return failed("cannot mount " + root.string());
  }
  if (const auto bound = bind_root_entries(root); !bound) return bound;
  for (const Placed& one : wanted.placed) {
    const fs::path place = root / one.place.relative_path();
    make_place(place, one.content);
    if (const auto bound = bind(one.content, place); !bound) return bound;
  }
  if (const auto read_only = make_read_only(root); !read_only) return read_only;
  for (const fs::path& folder : wanted.writable) {
    if (const auto bound = bind(folder, root / folder.relative_path()); !bound) return bound;
  }
  if (::chroot(root.c_str()) != 0) return failed("cannot enter " + root.string());
  fs::current_path(here);
  return {};
}

}  // namespace

Expected<void> enter_private_root(const PrivateRoot& wanted) {
  try {
    return enter(wanted);
  } catch (const fs::filesystem_error& error) {
    return failed("cannot make a root folder of our own", error.what());
  }
}

}  // namespace wasmup::os
