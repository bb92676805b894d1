// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../error.hpp"
#include "reference.hpp"

namespace wasmup::registry {

/// What a tool said when it failed, as one of our errors: `what` failed, and what to do about it.
/// environment when the registry could not be reached or trusted, refused when it said no.
Error explain(const std::string& what, const std::string& output, const Reference& reference);

/// Whether it came to grief because the registry does not speak TLS.
bool speaks_plain_http(const std::string& output);

}  // namespace wasmup::registry
