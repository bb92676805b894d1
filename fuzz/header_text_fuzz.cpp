// SPDX-License-Identifier: MIT
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <strings.h>

#include <wasmup/grammar.hpp>
#include <wasmup/header_text.hpp>

#include "expect.hpp"

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

bool has_control(const std::string& text, const char* but) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::iscntrl(byte) != 0 && (byte == 0 || std::strchr(but, byte) == nullptr))
      return true;
  }
  return false;
}

bool is_visible(const std::string& text, char first) {
  for (const char c : text) {
    if (c < first || c > '~') return false;
  }
  return true;
}

/// Frames a message, or names its authority.
bool is_special(const std::string& text) {
  for (const char* const name : {"host", "content-length", "transfer-encoding", "connection", "keep-alive",
                                 "proxy-connection", "te", "upgrade"}) {
    if (text.size() == std::strlen(name) && strcasecmp(text.c_str(), name) == 0) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const bool is_pseudo = size > 1 && text[0] == ':' && is_token(text.substr(1));
  expect(wasmup::is_header_name(text) == is_token(text));
  expect(wasmup::is_pseudo_header_name(text) == is_pseudo);
  const bool has_spaces =
      !text.empty() && (text.find_first_of(" \t") == 0 || text.find_last_of(" \t") == text.size() - 1);
  expect(wasmup::is_header_value(text) == (!has_spaces && !has_control(text, "\t")));
  expect(wasmup::is_path(text) ==
         (!text.empty() && text.find(' ') == std::string::npos && !has_control(text, "")));
  expect(wasmup::is_details(text) == is_visible(text, ' '));
  expect(wasmup::is_stat_name(text) ==
         (!text.empty() && is_visible(text, '!') && text.find_first_of("\"\\") == std::string::npos));
  expect(wasmup::HeaderName(text).valid() == (is_token(text) || is_pseudo));
  expect(wasmup::RegularHeaderName(text).valid() == is_token(text));
  expect(wasmup::AddedHeaderName(text).valid() == (is_token(text) && !is_special(text)));
  const bool is_known = text == ":path" || text == ":method" || text == ":authority" || text == ":scheme" ||
                        text == ":protocol" || text == ":status";
  expect(wasmup::SetHeaderName(text).valid() ==
         (is_known || (text.size() == 4 && strcasecmp(text.c_str(), "host") == 0) ||
          (is_token(text) && !is_special(text))));
  expect(!wasmup::is_authority(text) ||
         (!has_control(text, "") && text.find_first_of(" /?#@\\\"<>") == text.npos));
  return 0;
}
