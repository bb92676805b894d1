// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "../os/descriptor.hpp"
#include "../os/interrupt.hpp"

namespace wasmup::text {
namespace {

namespace fs = std::filesystem;
using os::Descriptor;

constexpr const char* a_link = "it is a link, or lies behind one; in a filter's folder none is followed";

std::unexpected<Error> cannot_read(const fs::path& path, const std::string& reason) {
  return std::unexpected(Error{ExitCode::usage, "cannot read " + path.string(), reason, ""});
}

std::unexpected<Error> cannot_write(const fs::path& path, const std::string& reason) {
  return std::unexpected(Error{ExitCode::environment, "cannot write " + path.string(), reason, ""});
}

/// Why a name has no steps.
std::string no_place(const fs::path& name) {
  const bool leads_out = name.is_absolute() || name.lexically_normal().string().starts_with("..");
  return leads_out ? "it lies outside of the folder" : "it names no file";
}

/// In words, for a path that is walked without following links.
std::string reason_of(int error) { return error == ELOOP ? a_link : std::strerror(error); }

std::string in_words(size_t bytes) {
  return bytes >> 20 > 0 ? fmt::format("{} MiB", bytes >> 20) : fmt::format("{} KiB", bytes >> 10);
}

/// Until there is something to read, or Ctrl-C was pressed: then false.
bool wait_for_content(const Descriptor& file) {
  std::array<pollfd, 2> entries{{{file.get(), POLLIN, 0}, {os::Interrupt::wake_descriptor(), POLLIN, 0}}};
  ::poll(entries.data(), entries.size(), -1);
  return !os::Interrupt::requested();
}

/// A regular file is read after Ctrl-C, too: what is cleaned up then is found by files.
Expected<std::string> read_all(const Descriptor& file, bool is_regular, const fs::path& path, size_t most) {
  std::string content;
  std::array<char, 65536> chunk;
  while (true) {
    if (!is_regular && !wait_for_content(file)) {
      return std::unexpected(Error{ExitCode::interrupted, "cannot read " + path.string(), "interrupted", ""});
    }
    const ssize_t size = ::read(file.get(), chunk.data(), chunk.size());
    if (size == 0) return content;
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (size < 0) return cannot_read(path, std::strerror(errno));
    content.append(chunk.data(), static_cast<size_t>(size));
    if (content.size() > most) return cannot_read(path, "it has more than " + in_words(most));
  }
}

/// The entries that a name consists of; none when it leads out of its folder, or to the folder itself.
std::vector<std::string> steps_of(const fs::path& name) {
  const fs::path plain = name.lexically_normal();
  std::vector<std::string> steps;
  if (plain.is_absolute() || plain.string().contains('\0')) return {};
  for (const fs::path& step : plain) {
    if (step == "..") return {};
    if (!step.empty() && step != ".") steps.push_back(step.string());
  }
  return steps;
}

enum class Missing { is_an_error, is_made };

/// The folder in which the last step lies, reached without following a link. errno says why not.
Descriptor walk(const fs::path& folder, const std::vector<std::string>& steps, Missing missing) {
  Descriptor at(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (size_t i = 0; at.open() && i + 1 < steps.size(); ++i) {
    const char* const step = steps[i].c_str();
    if (missing == Missing::is_made && ::mkdirat(at.get(), step, 0777) != 0 && errno != EEXIST) return {};
    Descriptor next(::openat(at.get(), step, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.open() && errno == ENOTDIR) {
      struct stat status{};
      const bool is_link =
          ::fstatat(at.get(), step, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
      errno = is_link ? ELOOP : ENOTDIR;
    }
    at = std::move(next);
  }
  return at;
}

/// A name that nobody can have planted something at.
std::string fresh_name() {
  std::array<uint64_t, 2> random{};
  while (::getrandom(random.data(), sizeof(random), 0) != sizeof(random)) {
  }
  return fmt::format(".wasmup-{:016x}{:016x}", random[0], random[1]);
}

/// errno says why not.
bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t size = ::write(descriptor, content.data(), content.size());
    if (size < 0 && errno != EINTR) return false;
    content.remove_prefix(static_cast<size_t>(std::max(size, ssize_t{0})));
  }
  return true;
}

/// A new file in this folder; errno says why not.
bool write_new(const Descriptor& folder, const std::string& name, std::string_view content) {
  const int file =
      ::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) return false;
  const bool is_written = write_all(file, content);
  const int reason = errno;
  const bool is_closed = ::close(file) == 0;  // where a full disk of another machine is noticed
  if (!is_written) errno = reason;
  return is_written && is_closed;
}

/// Puts a file into this folder; `shown` is for errors.
Expected<void> put(const Descriptor& folder, const std::string& name, std::string_view content,
                   const fs::path& shown) {
  struct stat status{};
  if (::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode) &&
      !S_ISLNK(status.st_mode)) {
    return cannot_write(shown, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no regular file");
  }
  const std::string unfinished = fresh_name();
  if (write_new(folder, unfinished, content) &&
      ::renameat(folder.get(), unfinished.c_str(), folder.get(), name.c_str()) == 0) {
    return {};
  }
  const std::string reason = std::strerror(errno);
  ::unlinkat(folder.get(), unfinished.c_str(), 0);
  return cannot_write(shown, reason);
}

Expected<void> write_to_device(const fs::path& path, std::string_view content) {
  const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (device.open() && write_all(device.get(), content)) return {};
  return cannot_write(path, std::strerror(errno));
}

/// The folder in which a place's file goes, made if it is missing.
Expected<Descriptor> make_parent(const Place& place, const std::vector<std::string>& steps) {
  std::error_code error;
  if (!place.folder.empty()) fs::create_directories(place.folder, error);
  if (error) return cannot_write(place.path(), error.message());
  Descriptor parent = walk(place.folder, steps, Missing::is_made);
  if (!parent.open()) return cannot_write(place.path(), reason_of(errno));
  return parent;
}

/// By its descriptor: whatever happens to the path to it, it is this folder.
fs::path path_of(const Descriptor& folder) { return fmt::format("/proc/self/fd/{}", folder.get()); }

/// Of a folder that may be replaced: why it may not, or nothing.
std::string refusal(const fs::path& old, bool (*may_go)(const fs::path&, bool)) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(old, error);
  if (fs::is_symlink(status)) return a_link;
  if (!fs::is_directory(status)) return "it is no folder";
  fs::recursive_directory_iterator entries(old, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    const fs::path entry = entries->path().lexically_relative(old);
    const fs::file_status kind = entries->symlink_status(error);
    const bool is_known =
        (fs::is_regular_file(kind) || fs::is_directory(kind)) && may_go(entry, fs::is_directory(kind));
    if (!is_known) return fmt::format("it has other things in it: {}", entry.string());
  }
  return error ? error.message() : "";
}

/// Renames the new folder to its name, and what was there to `aside`; errno says why not.
bool swap_in(const Descriptor& parent, const std::string& made, const std::string& name,
             const std::string& aside) {
  const int at = parent.get();
  const bool had_old = ::renameat(at, name.c_str(), at, aside.c_str()) == 0;
  if (!had_old && errno != ENOENT) return false;
  if (::renameat(at, made.c_str(), at, name.c_str()) == 0) return true;
  const int reason = errno;
  if (had_old) ::renameat(at, aside.c_str(), at, name.c_str());
  errno = reason;
  return false;
}

}  // namespace

Expected<std::string> read_file(const fs::path& path, size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat status{};
  if (!file.open() || ::fstat(file.get(), &status) != 0) return cannot_read(path, std::strerror(errno));
  // A folder opens like a file.
  if (S_ISDIR(status.st_mode)) return cannot_read(path, "it is a folder");
  return read_all(file, S_ISREG(status.st_mode), path, most);
}

Expected<std::string> read_beneath(const fs::path& folder, const fs::path& name, size_t most) {
  const fs::path shown = folder / name;
  const std::vector<std::string> steps = steps_of(name);
  if (steps.empty()) return cannot_read(shown, no_place(name));
  const Descriptor parent = walk(folder, steps, Missing::is_an_error);
  if (!parent.open()) return cannot_read(shown, reason_of(errno));
  const Descriptor file(::openat(parent.get(), steps.back().c_str(),
                                 O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (!file.open() || ::fstat(file.get(), &status) != 0) return cannot_read(shown, reason_of(errno));
  if (!S_ISREG(status.st_mode)) {
    return cannot_read(shown, S_ISDIR(status.st_mode) ? "it is a folder" : "it is no regular file");
  }
  return read_all(file, true, shown, most);
}

Expected<std::string> read(const Origin& origin, size_t most) {
  return origin.folder ? read_beneath(*origin.folder, origin.name, most) : read_file(origin.name, most);
}

Place place_of(const fs::path& path) {
  const fs::path plain = path.has_filename() ? path : path.parent_path();  // without the slash at its end
  return {plain.parent_path(), plain.filename()};
}

Expected<void> write_file(const fs::path& path, std::string_view content) {
  if (path.lexically_normal().string().starts_with("/dev/")) return write_to_device(path, content);
  return write_beneath(place_of(path), content);
}

Expected<void> write_beneath(const Place& place, std::string_view content) {
  const std::vector<std::string> steps = steps_of(place.name);
  if (steps.empty()) return cannot_write(place.path(), no_place(place.name));
  const Expected<Descriptor> parent = make_parent(place, steps);
  if (!parent) return std::unexpected(parent.error());
  return put(*parent, steps.back(), content, place.path());
}

Expected<void> replace_folder(const Place& place, const std::vector<NamedFile>& files,
                              bool (*may_go)(const fs::path& entry, bool is_folder)) {
  const fs::path shown = place.path();
  const std::vector<std::string> steps = steps_of(place.name);
  if (steps.empty()) return cannot_write(shown, no_place(place.name));
  const Expected<Descriptor> made_parent = make_parent(place, steps);
  if (!made_parent) return std::unexpected(made_parent.error());
  const Descriptor& parent = *made_parent;
  const fs::path here = path_of(parent);
  std::error_code error;
  if (fs::exists(fs::symlink_status(here / steps.back(), error))) {
    const std::string why = refusal(here / steps.back(), may_go);
    if (!why.empty())
      return std::unexpected(Error{ExitCode::usage, "cannot replace " + shown.string(), why, ""});
  }
  const std::string made = fresh_name();
  const std::string aside = fresh_name();
  if (::mkdirat(parent.get(), made.c_str(), 0777) != 0) return cannot_write(shown, std::strerror(errno));
  for (const NamedFile& file : files) {
    if (const auto written = write_beneath({here / made, file.name}, file.bytes); !written) {
      fs::remove_all(here / made, error);
      return cannot_write(shown / file.name, written.error().seen);
    }
  }
  const bool is_there = swap_in(parent, made, steps.back(), aside);
  const std::string reason = std::strerror(errno);
  fs::remove_all(here / (is_there ? aside : made), error);
  return is_there ? Expected<void>() : cannot_write(shown, reason);
}

}  // namespace wasmup::text
