// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "expect.hpp"
#include "image/acceptance.hpp"
#include "image/archive.hpp"
#include "image/digest.hpp"
#include "image/layout.hpp"

/// Images in an archive, as `push --from` and `inspect` take them. The bytes are index.json, the manifest and
/// the blobs, with a NUL between them. Each lies under its digest; in the manifest, each $ stands for the
/// digest of the next blob, and in index.json for the manifest's.
namespace {

using namespace wasmup;
namespace fs = std::filesystem;

const fs::path& file() {
  static const fs::path path =
      fs::temp_directory_path() / ("layout_fuzz." + std::to_string(getpid()) + ".tar");
  static const bool is_removed_at_exit = std::atexit([] { fs::remove(path); }) == 0;
  expect(is_removed_at_exit);
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&rest] {
    const std::string_view one = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    return std::string(one);
  };
  std::string index = next();
  std::string manifest = next();
  std::vector<image::File> files{{"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"}};
  const auto add_blob = [&files](std::string bytes, std::string& place) {
    const std::string digest = image::digest_of(bytes);
    if (const size_t at = place.find('$'); at != std::string::npos) place.replace(at, 1, digest);
    files.push_back({"blobs/sha256/" + digest.substr(digest.find(':') + 1), std::move(bytes)});
  };
  while (!rest.empty()) add_blob(next(), manifest);
  add_blob(std::move(manifest), index);
  files.push_back({"index.json", std::move(index)});
  std::ofstream(file(), std::ios::binary) << image::tar(files);
  const auto read = image::read_layout(file());
  if (!read) {
    expect(!read.error().what.empty());
    return 0;
  }
  const auto accepted = image::acceptance(*read);
  expect(accepted || !accepted.error().seen.empty());
  return 0;
}
