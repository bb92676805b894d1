// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::http {

/// In lower case, as names are compared.
std::string lower(std::string_view name);

/// Whether it can be a header's name, or a method: a token (RFC 9110, section 5.6.2).
bool is_token(std::string_view text);

/// Whether it can stand in a line of a request; a line end or a NUL would make two of it.
bool is_one_line(std::string_view text);

}  // namespace wasmup::http
