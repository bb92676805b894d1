// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../environment.hpp"

namespace wasmup::commands {

/// Hands the URL to the desktop's browser, where there is one, and says the URL in any case. What the browser
/// does is its own affair: it outlives us.
void open_browser(Environment& environment, const std::string& url);

}  // namespace wasmup::commands
