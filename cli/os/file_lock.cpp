// SPDX-License-Identifier: MIT
#include "file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

namespace wasmup::os {

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& file) {
  Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!descriptor.open() || ::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return FileLock(std::move(descriptor));
}

}  // namespace wasmup::os
