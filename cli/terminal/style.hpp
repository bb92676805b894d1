// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::terminal {

enum class Style { plain, faint, good, warning, bad };

/// `text` in a style's colour, when there is to be colour at all.
std::string styled(std::string_view text, Style style, bool colour);

}  // namespace wasmup::terminal
