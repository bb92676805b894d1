// SPDX-License-Identifier: MIT
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include <wasmup/header_text.hpp>

/// The checks of names and values against others, written from the grammar of RFC 9110 for the C locale.
namespace {

bool is_token(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_listed = byte != 0 && std::strchr("!#$%&'*+-.^_`|~", byte) != nullptr;
    if (byte >= 0x80 || (std::isalnum(byte) == 0 && !is_listed)) return false;
  }
  return !text.empty();
}

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const bool is_pseudo = size > 1 && text[0] == ':' && is_token(text.substr(1));
  expect(wasmup::is_header_name(text) == is_token(text));
  expect(wasmup::is_pseudo_header_name(text) == is_pseudo);
  expect(wasmup::is_header_value(text) ==
         (text.find_first_of(std::string("\r\n\0", 3)) == std::string::npos));
  expect(wasmup::HeaderName(text).valid() == (is_token(text) || is_pseudo));
  expect(wasmup::RegularHeaderName(text).valid() == is_token(text));
  return 0;
}
