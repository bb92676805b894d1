// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "../http/client.hpp"

namespace wasmup::traffic {

/// The command that sends this request by hand, quoted for a shell. What is secret is *** in it.
std::string curl_line(const http::Request& request);

}  // namespace wasmup::traffic
