// SPDX-License-Identifier: MIT
#include "envelope_check.hpp"

#include <cstdint>
#include <fmt/format.h>

#include "leb.hpp"

namespace wasmup::wasm {
namespace {

using namespace std::string_view_literals;

// The header of a module, and of a component, which is another kind of file that starts like one.
constexpr std::string_view magic = "\0asm"sv;
constexpr std::string_view module_version = "\1\0\0\0"sv;
constexpr std::string_view component_version = "\x0d\0\1\0"sv;

constexpr std::string_view build_again = "build it again, or copy it again (as a binary file)";

/// Where the file ends in the midst of a section; the decoder cannot tell that from damage.
std::optional<Finding> check_sections(std::string_view bytes) {
  size_t offset = magic.size() + module_version.size();
  while (offset < bytes.size()) {
    const size_t start = offset++;
    const std::optional<uint64_t> size = read_leb(bytes, offset);
    const uint64_t left = bytes.size() - offset;
    if (!size) {
      return Finding{fmt::format("it is cut off in the header of the section at byte {}", start),
                     std::string(build_again)};
    }
    if (*size > left) {
      return Finding{fmt::format("it is cut off at byte {}: the section at byte {} needs {} bytes more",
                                 bytes.size(), start, *size - left),
                     std::string(build_again)};
    }
    offset += *size;
  }
  return std::nullopt;
}

std::optional<Finding> check_header(std::string_view bytes) {
  if (bytes.empty()) return Finding{"the file is empty", std::string(build_again)};
  if (bytes.starts_with(magic.substr(0, bytes.size())) && bytes.size() < 8) {
    return Finding{fmt::format("it is cut off at byte {}, in its header", bytes.size()),
                   std::string(build_again)};
  }
  if (!bytes.starts_with(magic)) {
    const bool is_text = bytes.find_first_not_of(" \t\r\n") == bytes.find('(');
    return Finding{"it is not a WebAssembly file: it does not start with \\0asm",
                   is_text ? "if it is WebAssembly as text, assemble it first: wat2wasm FILE.wat"
                           : "give the .wasm file, or the folder with the filter's source"};
  }
  const std::string_view version = bytes.substr(magic.size(), module_version.size());
  if (version == component_version) {
    return Finding{"it is a WebAssembly component, and Envoy loads core modules only",
                   "build a core module (target wasm32-wasi or wasm32-wasip1, not wasm32-wasip2)"};
  }
  if (version != module_version) {
    return Finding{"its WebAssembly version is not 1, or its header is damaged", std::string(build_again)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> check_envelope(std::string_view bytes) {
  if (auto refusal = check_header(bytes)) return refusal;
  return check_sections(bytes);
}

}  // namespace wasmup::wasm
