// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::text {

/// `text` as one word of a shell's line: what we advise is copied, and its words may be anybody's.
std::string shell_word(std::string_view text);

}  // namespace wasmup::text
