// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "descriptor.hpp"

namespace wasmup::os {

/// What a child may reach of the machine's files, besides the system's programs and libraries (/usr, /lib,
/// ...). What does not exist is passed over.
struct Reach {
  std::vector<std::filesystem::path> reads;
  std::vector<std::filesystem::path> writes;
};

/// Whether this kernel can hold a child to that: it has Landlock (landlock(7)), of ABI 2 or later
/// (Linux 5.19).
bool can_confine();

/// A Landlock ruleset that allows `reach`; not open where the kernel has none.
Descriptor make_ruleset(const Reach& reach);

/// Holds this process to the ruleset, for good; for a child between fork and exec. False with errno set if it
/// cannot.
bool enter_ruleset(int ruleset);

}  // namespace wasmup::os
