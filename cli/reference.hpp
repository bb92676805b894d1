// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "environment.hpp"

namespace wasmup {

// What --help says, for those who read elsewhere: made from the same source, so that it cannot differ.

/// docs/cli.md.
std::string reference_markdown(Environment& environment);

/// wasmup(1), in man's own language.
std::string reference_man(Environment& environment);

}  // namespace wasmup
