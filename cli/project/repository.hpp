// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "../os/processes.hpp"

namespace wasmup::project {

/// What git knows of a folder; a text is empty where it knows nothing.
struct Commit {
  std::string origin;    ///< the URL of the remote "origin", as it is configured
  std::string revision;  ///< the commit, unless something in the folder is not committed
  std::string version;   ///< the tag that is on it
};

/// Asks git about a folder in a work tree, and obeys nothing that lies there: the repository's configuration
/// can name commands (fsmonitor, filters, hooks, a pager, ssh, ...). git gets a repository of our own, which
/// has the folder's objects, index and tags, and a configuration of ours; the user's own is not read either.
/// Submodules are not looked into. Empty where there is no git, or no repository that can be read so.
Commit ask_git(os::Processes& processes, const std::filesystem::path& folder);

}  // namespace wasmup::project
