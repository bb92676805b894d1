// SPDX-License-Identifier: MIT
#include "annotations.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <regex>
#include <string_view>

namespace wasmup::commands {
namespace {

constexpr std::string_view prefix = "org.opencontainers.image.";
constexpr std::array<std::string_view, 9> short_names{
    "source", "revision", "version", "licenses", "title", "description", "url", "documentation", "vendor"};

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

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
  const auto ask = [&](std::vector<std::string> words) -> std::string {
    words.insert(words.begin(), {"git", "-C", folder.string()});
    const Expected<os::Finished> finished = processes.run({words}, std::chrono::seconds(10));
    return finished && finished->status == 0 ? trimmed(finished->output) : "";
  };
  Annotations annotations;
  if (!processes.find("git")) return annotations;
  const std::string revision = ask({"rev-parse", "--verify", "--quiet", "HEAD"});
  if (revision.empty()) return annotations;
  const std::string source = page_of_origin(ask({"remote", "get-url", "origin"}));
  if (!source.empty()) annotations[std::string(prefix) + "source"] = source;
  if (!ask({"status", "--porcelain", "--", "."}).empty()) return annotations;
  annotations[std::string(prefix) + "revision"] = revision;
  const std::string version = ask({"describe", "--tags", "--exact-match", "HEAD"});
  if (!version.empty()) annotations[std::string(prefix) + "version"] = version;
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
