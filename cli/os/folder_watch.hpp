// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "../error.hpp"

namespace wasmup::os {

/// Whether a file of this name is of interest.
using NamePredicate = std::function<bool(std::string_view name)>;

/// Tells when files of a folder (not of those in it) have been written, put in place or taken away.
class FolderWatch {
 public:
  virtual ~FolderWatch() = default;
  /// Whether any has, since the last call; does not wait.
  virtual bool changed() = 0;
};

/// inotify.
Expected<std::unique_ptr<FolderWatch>> watch_folder(const std::filesystem::path& folder,
                                                    NamePredicate matters);

}  // namespace wasmup::os
