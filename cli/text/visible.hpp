// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wasmup::text {

/// Text from elsewhere (a header, a module's names) on one line, with nothing in it that acts on a terminal
/// or hides: a newline becomes \n, a tab \t, other control characters, what turns the direction of reading
/// and what has no width \uNNNN, bytes that are no UTF-8 \xNN.
std::string visible(std::string_view text);

/// The same for text that has lines of its own (a log, a compiler's words): newlines and tabs stay.
std::string visible_lines(std::string_view text);

/// Its lines, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// How many columns `text` takes, as far as that can be said without tables: one a code point.
size_t width(std::string_view text);

}  // namespace wasmup::text
