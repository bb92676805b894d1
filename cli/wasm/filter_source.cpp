// SPDX-License-Identifier: MIT
#include "filter_source.hpp"

#include <algorithm>
#include <system_error>

namespace wasmup::wasm {
namespace {

namespace fs = std::filesystem;

constexpr const char* what_a_filter_is =
    "give a folder with the filter's .cpp file, such as filters/add_header, or a .wasm file";

std::unexpected<Error> no_filter(const fs::path& path, const std::string& seen) {
  return std::unexpected(Error{ExitCode::usage, "no filter in " + path.string(), seen, what_a_filter_is});
}

bool is_source(const fs::directory_entry& entry) {
  std::error_code error;
  const fs::path& path = entry.path();
  return path.extension() == ".cpp" && !path.stem().string().ends_with("_test") &&
         entry.is_regular_file(error);
}

/// The folder's own name, also of "." and "folder/".
std::string name_of(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::canonical(folder, error);
  return error ? folder.filename().string() : whole.filename().string();
}

}  // namespace

Expected<FilterSource> find_filter_source(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return no_filter(path, "there is no such folder or file");
  if (error) return no_filter(path, error.message());
  if (status.type() == fs::file_type::regular && path.extension() == ".cpp") {
    return FilterSource{path.stem(), {path}};
  }
  if (status.type() != fs::file_type::directory) {
    return no_filter(path, "it is neither a folder nor a .cpp or .wasm file");
  }
  FilterSource source{name_of(path), {}};
  fs::directory_iterator entries(path, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (is_source(*entries)) source.files.push_back(entries->path());
  }
  if (error) return no_filter(path, error.message());
  if (source.files.empty())
    return no_filter(path, "the folder holds no .cpp file but tests (*_test.cpp), if any");
  std::ranges::sort(source.files);
  return source;
}

}  // namespace wasmup::wasm
