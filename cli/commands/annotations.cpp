// SPDX-License-Identifier: MIT
#include "annotations.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <regex>
#include <string_view>

#include "../project/repository.hpp"

namespace wasmup::commands {
namespace {

constexpr std::string_view prefix = "org.opencontainers.image.";
constexpr std::array<std::string_view, 9> short_names{
    "source", "revision", "version", "licenses", "title", "description", "url", "documentation", "vendor"};

}  // namespace

std::string page_of_origin(const std::string& origin) {
  constexpr size_t longest = 1000;
  static const std::regex url(R"((https?|ssh|git)://([^@/]*@)?([^/:]+)(:[0-9]+)?/(.+?)(\.git)?/?)");
  static const std::regex scp(R"(([^@/:]+@)?([^/:@]+):([^/].*?)(\.git)?/?)");
  std::smatch match;
  if (origin.size() > longest) return "";
  if (std::regex_match(origin, match, url)) {
    // The port of ssh is not the page's.
    const bool is_page = match[1].str().starts_with("http");
    return fmt::format("{}://{}{}/{}", is_page ? match[1].str() : "https", match[3].str(),
                       is_page ? match[4].str() : "", match[5].str());
  }
  if (origin.find("://") == origin.npos && std::regex_match(origin, match, scp)) {
    return fmt::format("https://{}/{}", match[2].str(), match[3].str());
  }
  return "";
}

Annotations git_annotations(os::Processes& processes, const std::filesystem::path& folder) {
  const project::Commit commit = project::ask_git(processes, folder);
  Annotations annotations;
  const auto add = [&annotations](const char* name, const std::string& value) {
    if (!value.empty()) annotations[std::string(prefix) + name] = value;
  };
  add("source", page_of_origin(commit.origin));
  add("revision", commit.revision);
  add("version", commit.version);
  return annotations;
}

Expected<void> add_annotations(Annotations& annotations, const std::vector<std::string>& flags) {
  for (const std::string& flag : flags) {
    const size_t equals = flag.find('=');
    if (equals == flag.npos || equals == 0) {
      return std::unexpected(Error{ExitCode::usage,
                                   fmt::format("--annotation does not understand '{}'", flag),
                                   "it is a name and a value, with = between", "--annotation licenses=MIT"});
    }
    std::string name = flag.substr(0, equals);
    if (std::ranges::find(short_names, name) != short_names.end()) name.insert(0, prefix);
    annotations[name] = flag.substr(equals + 1);
    if (annotations[name].empty()) annotations.erase(name);
  }
  return {};
}

}  // namespace wasmup::commands
