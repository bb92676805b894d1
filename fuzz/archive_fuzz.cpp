// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expect.hpp"
#include "image/archive.hpp"

/// Archives and layers of images, as they come from anywhere: there are files or a reason, within the bounds.
namespace {

using namespace wasmup;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint64_t most = 1 << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto files = image::untar(bytes, most, [](std::string_view name) { return !name.ends_with('x'); });
  if (!files) {
    expect(files.error().code == ExitCode::usage && !files.error().seen.empty());
    return 0;
  }
  uint64_t in_all = 0;
  for (const image::File& file : *files) {
    expect(!file.name.ends_with('x'));
    in_all += file.bytes.size();
  }
  expect(in_all <= most);
  return 0;
}
