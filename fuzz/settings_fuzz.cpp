// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "expect.hpp"
#include "project/settings.hpp"

/// The wasmup.yaml of somebody's folder: there are settings, or a place and a reason.
namespace {

using namespace wasmup;
namespace fs = std::filesystem;

const fs::path& folder() {
  static const fs::path path = fs::temp_directory_path() / ("settings_fuzz." + std::to_string(getpid()));
  static const bool is_removed_at_exit = std::atexit([] { fs::remove_all(path); }) == 0;
  expect(is_removed_at_exit);
  fs::create_directories(path);
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::ofstream(folder() / "wasmup.yaml", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto settings = project::read_settings(folder());
  if (!settings) expect(settings.error().code == ExitCode::usage && !settings.error().seen.empty());
  return 0;
}
