// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

#include "../error.hpp"

namespace wasmup::os {

/// A folder only we can read (mkdtemp, mode 0700), gone with everything in it on destruction.
class TemporaryFolder {
 public:
  static Expected<TemporaryFolder> make(std::string_view prefix);
  TemporaryFolder(TemporaryFolder&&) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) noexcept;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path);
  std::filesystem::path path_;
};

}  // namespace wasmup::os
