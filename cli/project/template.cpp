// SPDX-License-Identifier: MIT
#include "template.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <system_error>

#include "../text/file.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;

constexpr size_t longest_name = 63;  // of a Kubernetes object
constexpr std::string_view about = "about.md";

using Values = std::map<std::string, std::string>;

std::string filled_in(std::string_view text, const Values& values) {
  std::string result;
  while (!text.empty()) {
    const size_t begin = text.find('@');
    const size_t end = begin == text.npos ? begin : text.find('@', begin + 1);
    if (end == text.npos) break;
    const auto value = values.find(std::string(text.substr(begin + 1, end - begin - 1)));
    // An '@' that is none of ours may be followed by one that is.
    const size_t taken = value == values.end() ? begin + 1 : begin;
    result.append(text.substr(0, taken));
    if (value != values.end()) result.append(value->second);
    text.remove_prefix(value == values.end() ? taken : end + 1);
  }
  return result.append(text);
}

std::unexpected<Error> not_written(const fs::path& path, const std::string& reason) {
  return std::unexpected(Error{ExitCode::environment, "cannot write " + path.string(), reason, ""});
}

/// Copies the files of `from` with the values put in.
Expected<void> copy(const fs::path& from, const fs::path& to, const Values& values) {
  std::error_code error;
  fs::recursive_directory_iterator entries(from, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (!entries->is_regular_file() || entries->path().filename() == about) continue;
    const Expected<std::string> text = text::read_file(entries->path());
    if (!text) return std::unexpected(text.error());
    const fs::path target = to / filled_in(entries->path().lexically_relative(from).string(), values);
    if (const auto written = text::write_file(target, filled_in(*text, values)); !written) return written;
  }
  if (error) {
    return std::unexpected(Error{ExitCode::environment, "cannot read the template in " + from.string(),
                                 error.message(), "install wasmup again"});
  }
  return {};
}

}  // namespace

std::string Name::type() const {
  std::string type;
  bool starts_word = true;
  for (const char c : text) {
    if (c == '-' || c == '_') {
      starts_word = true;
      continue;
    }
    type += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    starts_word = false;
  }
  return type;
}

Expected<Name> parse_name(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_known = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  const bool ends_well = !text.empty() && text.back() != '-' && text.back() != '_';
  if (ends_well && is_letter(text.front()) && std::ranges::all_of(text, is_known) &&
      text.size() <= longest_name) {
    return Name{std::string(text)};
  }
  return std::unexpected(Error{
      ExitCode::usage, fmt::format("'{}' cannot be the name of a filter", text),
      fmt::format("a name is a small letter, then small letters, digits, - and _, {} at most", longest_name),
      "wasmup new hello"});
}

Expected<std::vector<fs::path>> make_from_template(const fs::path& templates, std::string_view kind,
                                                   const Name& name, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error))) {
    return std::unexpected(Error{ExitCode::usage, folder.string() + " is there already",
                                 "nothing was changed", "choose another name, or take it away"});
  }
  Values values{{"name", name.text}, {"Type", name.type()}, {"version", WASMUP_VERSION}};
  if (const auto text = text::read_file(templates / kind / about)) values["about"] = *text;

  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  fs::create_directories(parent, error);
  std::string unfinished = (parent / ("." + name.text + "-XXXXXX")).string();
  if (mkdtemp(unfinished.data()) == nullptr) {
    return not_written(folder, std::error_code(errno, std::system_category()).message());
  }
  Expected<void> made = copy(templates / "common", unfinished, values);
  if (made) made = copy(templates / kind, unfinished, values);
  if (made) {
    fs::permissions(unfinished,
                    fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                        fs::perms::others_read | fs::perms::others_exec,
                    error);
    fs::rename(unfinished, folder, error);
    if (error) made = not_written(folder, error.message());
  }
  if (!made) {
    fs::remove_all(unfinished, error);
    return std::unexpected(made.error());
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace wasmup::project
