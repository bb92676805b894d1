// SPDX-License-Identifier: MIT
#pragma once

#include "../http/client.hpp"
#include "../terminal/terminal.hpp"

namespace wasmup::commands {

/// Both responses side by side, with a mark at what the filter added (+), changed (~) or removed (-).
void print_comparison(terminal::Terminal& terminal, const http::Response& without,
                      const http::Response& with);

}  // namespace wasmup::commands
