// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"

namespace wasmup::project {

/// The name of a filter: of its folder, its files, its CMake target, and of what carries it into a cluster.
struct Name {
  std::string text;  ///< "rate-limit": a letter, then letters, digits, '-' and '_', all lower case
  /// "RateLimit", for C++.
  std::string type() const;
};

/// Refuses what one of those could not be called.
Expected<Name> parse_name(std::string_view text);

/// Copies `templates`/common and `templates`/`kind` to `folder`, which must not be there yet, with the name
/// put in
/// (@name@, @Type@, in file names too). `folder` comes into being when all of it is whole. The answer is its
/// files, sorted.
Expected<std::vector<std::filesystem::path>> make_from_template(const std::filesystem::path& templates,
                                                                std::string_view kind, const Name& name,
                                                                const std::filesystem::path& folder);

}  // namespace wasmup::project
