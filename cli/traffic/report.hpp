// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "check.hpp"

namespace wasmup::traffic {

/// One JSON document, with a line end. Bodies are cut after 4 KiB.
std::string to_json(const Report& report);

/// JUnit's XML: a test case a request. `suite` is the file or the URL that was verified.
std::string to_junit(const Report& report, std::string_view suite);

}  // namespace wasmup::traffic
