// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../os/processes.hpp"

namespace wasmup::commands {

using Annotations = std::map<std::string, std::string>;

/// What git knows of a folder, as the annotations that images have for it (org.opencontainers.image.source,
/// revision, version): the origin as an https URL without credentials, the commit unless something in the
/// folder is not committed, the tag that is on it. Where there is no git, or no repository, there are none.
Annotations git_annotations(os::Processes& processes, const std::filesystem::path& folder);

/// An origin as a page to look at: no credentials, https for what ssh and git are asked for; empty when it is
/// a path.
std::string page_of_origin(const std::string& origin);

/// Adds what flags say (NAME=VALUE; source, revision, version, licenses and the like stand for the standard
/// names); an empty value takes one away. An error is one of usage.
Expected<void> add_annotations(Annotations& annotations, const std::vector<std::string>& flags);

}  // namespace wasmup::commands
