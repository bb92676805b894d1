// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace wasmup::text {

/// A JSON document for another program: in ASCII, so that nothing in it acts on a terminal; bytes that are no
/// UTF-8 become U+FFFD.
template <class Json>
std::string json_text(const Json& document, int indent = 2) {
  return document.dump(indent, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace wasmup::text
