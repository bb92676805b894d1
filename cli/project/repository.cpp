// SPDX-License-Identifier: MIT
#include "repository.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "../os/temporary_folder.hpp"
#include "../text/file.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_bytes_of_a_name = 4096;
constexpr size_t most_bytes_of_a_list = size_t{16} << 20;
constexpr size_t most_tags = 10'000;
constexpr std::string_view tags_prefix = "refs/tags/";

/// Where a repository keeps its files.
struct Places {
  fs::path work_tree;
  fs::path own;     ///< HEAD and the index
  fs::path common;  ///< the rest; another folder for a linked work tree
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string line_of(const fs::path& folder, const fs::path& name) {
  return first_line(text::read_beneath(folder, name, most_bytes_of_a_name).value_or(""));
}

bool is_hash(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A linked work tree has a file that names its folder in the repository, which names that file in turn:
/// without that, anybody's file could name any repository of the user's.
std::optional<Places> linked(const fs::path& work_tree) {
  constexpr std::string_view start = "gitdir: ";
  const std::string line = line_of(work_tree, ".git");
  if (!line.starts_with(start)) return std::nullopt;
  const fs::path own = (work_tree / line.substr(start.size())).lexically_normal();
  std::error_code error;
  const fs::path back = own / line_of(own, "gitdir");
  if (!fs::equivalent(back, work_tree / ".git", error)) return std::nullopt;
  return Places{work_tree, own, own / line_of(own, "commondir")};
}

/// Of the work tree that the folder is in.
std::optional<Places> find_places(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::canonical(folder, error);
  if (error) return std::nullopt;
  for (fs::path tree = whole;; tree = tree.parent_path()) {
    const fs::file_status status = fs::symlink_status(tree / ".git", error);
    if (fs::is_directory(status)) return Places{tree, tree / ".git", tree / ".git"};
    if (fs::is_regular_file(status)) return linked(tree);
    if (fs::is_symlink(status) || tree == tree.root_path()) return std::nullopt;
  }
}

/// The lines of packed-refs that are about tags, each with the line of the commit that it means, if any.
std::string packed_tags(const std::string& packed) {
  std::string tags;
  bool is_tag = false;
  for (size_t begin = 0; begin < packed.size();) {
    const size_t end = std::min(packed.find('\n', begin), packed.size());
    const std::string_view line = std::string_view(packed).substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with('^')) is_tag = line.contains(fmt::format(" {}", tags_prefix));
    if (is_tag) tags.append(line) += '\n';
  }
  return tags;
}

std::string head_of(const Places& places, const std::string& packed) {
  constexpr std::string_view start = "ref: ";
  const std::string head = line_of(places.own, "HEAD");
  if (!head.starts_with(start)) return is_hash(head) ? head : "";
  const std::string name = head.substr(start.size());
  if (!name.starts_with("refs/")) return "";
  if (std::string loose = line_of(places.common, name); is_hash(loose)) return loose;
  const size_t found = packed.find(fmt::format(" {}\n", name));
  if (found == packed.npos) return "";
  const size_t begin = found == 0 ? 0 : packed.rfind('\n', found) + 1;
  const std::string hash = packed.substr(begin, found - begin);
  return is_hash(hash) ? hash : "";
}

/// A repository that has the folder's objects, and nothing that git could run.
class Copy {
 public:
  Copy(os::Processes& processes, fs::path folder, Places places, os::TemporaryFolder own)
      : processes_(processes), folder_(std::move(folder)), places_(std::move(places)), own_(std::move(own)) {}

  /// Whether there is a commit in it.
  bool make() {
    const std::string packed =
        text::read_beneath(places_.common, "packed-refs", most_bytes_of_a_list).value_or("");
    const std::string head = head_of(places_, packed);
    std::error_code error;
    fs::create_directories(own_.path() / "objects", error);
    fs::create_directories(own_.path() / "refs", error);
    if (error || head.empty()) return false;
    const bool is_sha256 = head.size() == 64;
    head_ = head;
    return put("HEAD", head + "\n") && put("packed-refs", packed_tags(packed)) &&
           put("config",
               is_sha256 ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"
                         : "[core]\n\trepositoryformatversion = 0\n") &&
           copy_tags() && copy_index() && copy(places_.common, "info/exclude") &&
           copy(places_.common, "shallow") && copy_as(places_.common, "config", "theirs");
  }

  Commit ask() const {
    Commit commit;
    // As a list of names and values in a file, without the files that it includes.
    commit.origin =
        ask({"config", "--file", own_.path() / "theirs", "--no-includes", "--get", "remote.origin.url"})
            .value_or("");
    const auto changes = ask({"status", "--porcelain", "--ignore-submodules=all", "--no-renames", "--", "."});
    if (!changes || !changes->empty()) return commit;
    commit.revision = head_;
    commit.version = ask({"describe", "--tags", "--exact-match", "HEAD"}).value_or("");
    return commit;
  }

 private:
  bool put(const fs::path& name, std::string_view content) const {
    return text::write_beneath({own_.path(), name}, content).has_value();
  }

  /// True also where there is nothing to copy.
  bool copy_as(const fs::path& from, const fs::path& name, const fs::path& as) const {
    const auto content = text::read_beneath(from, name, most_bytes_of_a_list);
    return !content || put(as, *content);
  }
  bool copy(const fs::path& from, const fs::path& name) const { return copy_as(from, name, name); }

  /// With the time of the original: a file that was changed in the same moment is looked at again by git.
  bool copy_index() const {
    const auto content = text::read_beneath(places_.own, "index");
    if (!content || !put("index", *content)) return false;
    std::error_code error;
    const fs::file_time_type time = fs::last_write_time(places_.own / "index", error);
    if (!error) fs::last_write_time(own_.path() / "index", time, error);
    return !error;
  }

  bool copy_tags() const {
    const fs::path tags = places_.common / tags_prefix;
    std::error_code error;
    size_t count = 0;
    fs::recursive_directory_iterator entries(tags, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
      if (++count > most_tags) return false;
      if (!fs::is_regular_file(entries->symlink_status(error))) continue;
      if (!copy(places_.common, tags_prefix / entries->path().lexically_relative(tags))) return false;
    }
    return true;  // no folder: no tags
  }

  /// What it prints, without the end of the line; nothing when it fails.
  std::optional<std::string> ask(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "--no-pager", "-c", "core.fileMode=false", "-c",
                                 "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"});
    const os::Command command{.argv = std::move(words),
                              .environment = {{"GIT_DIR", own_.path()},
                                              {"GIT_WORK_TREE", places_.work_tree},
                                              {"GIT_OBJECT_DIRECTORY", places_.common / "objects"},
                                              {"GIT_CONFIG_NOSYSTEM", "1"},
                                              {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                              {"GIT_ATTR_NOSYSTEM", "1"},
                                              {"GIT_OPTIONAL_LOCKS", "0"},
                                              {"GIT_NO_LAZY_FETCH", "1"},
                                              {"GIT_NO_REPLACE_OBJECTS", "1"},
                                              {"GIT_ALLOW_PROTOCOL", "none"},
                                              {"GIT_TERMINAL_PROMPT", "0"}},
                              .directory = folder_};
    const auto finished = processes_.run(command, std::chrono::seconds(10));
    if (!finished || finished->status != 0 || finished->timed_out) return std::nullopt;
    std::string output = finished->output;
    while (output.ends_with('\n')) output.pop_back();
    return output;
  }

  os::Processes& processes_;
  fs::path folder_;
  Places places_;
  os::TemporaryFolder own_;
  std::string head_ = {};
};

}  // namespace

Commit ask_git(os::Processes& processes, const fs::path& folder) {
  if (!processes.find("git")) return {};
  std::optional<Places> places = find_places(folder);
  if (!places) return {};
  auto own = os::TemporaryFolder::make("wasmup-git");
  if (!own) return {};
  Copy copy(processes, folder, *std::move(places), *std::move(own));
  return copy.make() ? copy.ask() : Commit{};
}

}  // namespace wasmup::project
