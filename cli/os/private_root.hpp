// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "../error.hpp"

namespace wasmup::os {

/// A file or folder that is seen at `place`, whether the machine has one there or not.
struct Placed {
  std::filesystem::path place;
  std::filesystem::path content;
};

/// A root folder of the machine's folders and files, to read, and of what is another thing there.
struct PrivateRoot {
  std::vector<Placed> placed = {};
  std::vector<std::filesystem::path> writable = {};  ///< folders of the machine: all else can only be read
  std::filesystem::path mount_point = {};            ///< an empty folder to put it together in
};

/// Gives it to this process, and the children it will have. Nothing on the machine changes, and it is gone
/// with the last of them. Needs Linux 5.12, and root or a system that lets users make namespaces; one thread.
Expected<void> enter_private_root(const PrivateRoot& wanted);

}  // namespace wasmup::os
