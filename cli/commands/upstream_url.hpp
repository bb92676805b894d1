// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "../envoy/bootstrap.hpp"
#include "../error.hpp"

namespace wasmup::commands {

/// http://HOST[:PORT] or https://HOST[:PORT], with an IPv6 address in brackets.
Expected<envoy::Upstream> parse_upstream_url(const std::string& url);

}  // namespace wasmup::commands
