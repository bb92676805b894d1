// SPDX-License-Identifier: MIT
#include "confinement.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace wasmup::os {
namespace {

namespace fs = std::filesystem;

constexpr int first_with_renames = 2;  // before, nothing can be renamed into another folder
constexpr int first_with_truncation = 3;
constexpr uint64_t truncate_file = uint64_t{1} << 14;  // LANDLOCK_ACCESS_FS_TRUNCATE of later headers

constexpr uint64_t read_accesses =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t all_of_abi_2 = (uint64_t{LANDLOCK_ACCESS_FS_REFER} << 1) - 1;
constexpr uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate_file;

/// Programs, libraries and how they are found; of /etc nothing else, which has secrets that root can read.
constexpr std::array system_reads{"/usr",
                                  "/lib",
                                  "/lib32",
                                  "/lib64",
                                  "/bin",
                                  "/sbin",
                                  "/nix/store",
                                  "/etc/ld.so.cache",
                                  "/etc/ld.so.conf",
                                  "/etc/ld.so.conf.d",
                                  "/etc/alternatives",
                                  "/etc/clang",
                                  "/dev/urandom",
                                  "/dev/zero",
                                  "/sys/devices/system/cpu"};
constexpr std::array system_writes{"/dev/null"};

int abi() {
  return static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, nullptr, size_t{0}, LANDLOCK_CREATE_RULESET_VERSION));
}

void allow(const Descriptor& ruleset, const fs::path& path, uint64_t accesses) {
  const Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status{};
  if (!place.open() || ::fstat(place.get(), &status) != 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(status.st_mode) ? accesses : accesses & of_files;
  rule.parent_fd = place.get();
  ::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0U);
}

}  // namespace

bool can_confine() { return abi() >= first_with_renames; }

Descriptor make_ruleset(const Reach& reach) {
  const int version = abi();
  if (version < first_with_renames) return {};
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = all_of_abi_2 | (version >= first_with_truncation ? truncate_file : 0);
  const uint64_t all = attributes.handled_access_fs;
  Descriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0U)));
  if (!ruleset.open()) return ruleset;
  for (const char* path : system_reads) allow(ruleset, path, read_accesses);
  for (const char* path : system_writes) allow(ruleset, path, all);
  for (const fs::path& path : reach.reads) allow(ruleset, path, read_accesses);
  for (const fs::path& path : reach.writes) allow(ruleset, path, all);
  return ruleset;
}

bool enter_ruleset(int ruleset) {
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(SYS_landlock_restrict_self, ruleset, 0U) == 0;
}

}  // namespace wasmup::os
