// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "../error.hpp"
#include "../http/client.hpp"

namespace wasmup::traffic {

/// What a response must carry: exactly these values of a header, in this order, and no other of that name.
struct Expectation {
  std::string name;  ///< in lower case; ":status" is the status
  std::vector<std::string> values;
};

/// From NAME=VALUE texts. The same name again means one more value.
Expected<std::vector<Expectation>> parse_expectations(const std::vector<std::string>& texts);

/// "x-wasm-custom: FOO, exactly once".
std::string to_string(const Expectation& expectation);

bool is_met(const Expectation& expectation, const http::Response& response);

/// What the response has in its place, as one line: "no x-wasm-custom", "x-wasm-custom: BAR".
std::string seen_instead(const Expectation& expectation, const http::Response& response);

}  // namespace wasmup::traffic
