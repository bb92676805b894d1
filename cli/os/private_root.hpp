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

/// Gives this process, and the children it will have, a root folder of their own: the machine's, but for what
/// is placed in it. Nothing on the machine changes, and it is gone with the last of them. `mount_point` is an
/// empty folder to put it together in. Needs root, or a system that lets users make namespaces; one thread.
Expected<void> enter_private_root(const std::vector<Placed>& placed,
                                  const std::filesystem::path& mount_point);

}  // namespace wasmup::os
