// SPDX-License-Identifier: MIT
#include "temporary_folder.hpp"

#include <cerrno>
#include <cstring>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <utility>

namespace wasmup::os {

Expected<TemporaryFolder> TemporaryFolder::make(std::string_view prefix) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error) {
    return std::unexpected(Error{ExitCode::environment, "there is no folder for temporary files",
                                 error.message(), "TMPDIR=/tmp, or another folder you can write to"});
  }
  std::string name = parent / (std::string(prefix) + "-XXXXXX");
  if (::mkdtemp(name.data()) == nullptr) {
    return std::unexpected(Error{ExitCode::environment,
                                 "cannot make a temporary folder in " + parent.string(), std::strerror(errno),
                                 "TMPDIR=/tmp, or another folder you can write to"});
  }
  return TemporaryFolder(name);
}

TemporaryFolder::TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;  // nobody is left to tell
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace wasmup::os
