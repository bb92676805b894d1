// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::text {

/// Whether what has this name is a secret: a header (`authorization`, `cookie`, `x-api-key`), a parameter of
/// a URL (`access_token`, `sig`), a field. Only the name says so.
bool is_secret(std::string_view name);

/// `value`, or *** if its name says that it is a secret.
std::string masked(std::string_view name, std::string_view value);

/// `text` with *** for what is secret in it as far as that can be seen: the user and password of a URL, and
/// what stands behind a secret's name and "=" or ": ".
std::string masked(std::string_view text);

}  // namespace wasmup::text
