// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "descriptor.hpp"

namespace wasmup::os {

/// Held until this object, or its process, is gone (flock). The file stays.
class FileLock {
 public:
  /// Nothing when another holds it, or the file cannot be made.
  static std::optional<FileLock> try_take(const std::filesystem::path& file);

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace wasmup::os
