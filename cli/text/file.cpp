// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace wasmup::text {
namespace {

Error cannot_read(const std::filesystem::path& path, const std::string& reason) {
  return {ExitCode::usage, "cannot read " + path.string(), reason, ""};
}

}  // namespace

Expected<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  // A folder opens like a file and then reads as empty.
  if (std::filesystem::is_directory(path, error)) {
    return std::unexpected(cannot_read(path, "it is a folder"));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(cannot_read(path, std::strerror(errno)));
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return std::unexpected(cannot_read(path, std::strerror(errno)));
  return content;
}

Expected<void> write_file(const std::filesystem::path& path, std::string_view content) {
  const auto failed = [&](const std::string& reason) {
    return std::unexpected(Error{ExitCode::environment, "cannot write " + path.string(), reason, ""});
  };
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) return failed(error.message());
  const std::filesystem::path unfinished = path.string() + ".new";
  errno = 0;
  std::ofstream file(unfinished, std::ios::binary);
  file << content << std::flush;
  if (!file) {
    const std::string reason = std::strerror(errno);
    std::filesystem::remove(unfinished, error);
    return failed(reason);
  }
  file.close();
  std::filesystem::rename(unfinished, path, error);
  if (!error) return {};
  const std::string reason = error.message();
  std::filesystem::remove(unfinished, error);
  return failed(reason);
}

}  // namespace wasmup::text
