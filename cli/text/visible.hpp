// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::text {

/// Text from elsewhere (a header, a module's names) made safe for a terminal: control characters become \xNN.
/// Newlines and tabs stay.
std::string visible(std::string_view text);

/// How many columns `text` takes, as far as that can be said without tables: one a code point.
size_t width(std::string_view text);

}  // namespace wasmup::text
