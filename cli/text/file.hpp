// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"

namespace wasmup::text {

/// No file that the program reads may have more, unless it says otherwise: as much as a module may.
inline constexpr size_t most_bytes = size_t{256} << 20;

/// The whole content of a file that the user named: links are followed, and a pipe is waited for, until
/// Ctrl-C. Errors: of usage when it cannot be read or has more than `most` bytes; interrupted.
Expected<std::string> read_file(const std::filesystem::path& path, size_t most = most_bytes);

/// The same for a file that somebody else named, whose folder `name` must not lead out of: no link is
/// followed on the way or at its end, and only a regular file is read. The folder itself is the user's
/// choice.
Expected<std::string> read_beneath(const std::filesystem::path& folder, const std::filesystem::path& name,
                                   size_t most = most_bytes);

/// A file to read, by the name that somebody gave it.
struct Origin {
  std::filesystem::path name;
  /// The folder that names it, and that it must lie in; nothing when the user has named it himself.
  std::optional<std::filesystem::path> folder = {};

  std::filesystem::path path() const { return folder ? *folder / name : name; }
};

/// By read_file() or read_beneath().
Expected<std::string> read(const Origin& origin, size_t most = most_bytes);

/// Where to write: a folder that the user chose, and a name beneath it, on the way to which somebody else may
/// have planted links.
struct Place {
  std::filesystem::path folder;
  std::filesystem::path name;

  std::filesystem::path path() const { return (folder / name).lexically_normal(); }
};

/// Of a path that is the user's choice as a whole.
Place place_of(const std::filesystem::path& path);

/// Writes a whole file or leaves what is there; folders on the way to it are made. It is written under a
/// fresh name and renamed: a link that somebody put in its place is replaced, and never followed. What is in
/// /dev (a terminal, a pipe of the shell's) is written to as it is.
Expected<void> write_file(const std::filesystem::path& path, std::string_view content);

/// The same at a place: no link is followed on the way to its name, either.
Expected<void> write_beneath(const Place& place, std::string_view content);

struct NamedFile {
  std::string name;
  std::string bytes;
};

/// Replaces what lies at a place by a folder with these files, all at once. What lies there must be a folder
/// in which `may_go` says of every entry, by its path within, that it may be removed; else nothing changes.
Expected<void> replace_folder(const Place& place, const std::vector<NamedFile>& files,
                              bool (*may_go)(const std::filesystem::path& entry, bool is_folder));

}  // namespace wasmup::text
