// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "../http/client.hpp"

namespace wasmup::traffic {

/// What a response must carry.
struct Expectation {
  enum class Of {
    header,        ///< exactly these values, in this order, and no other of that name; without values: none
    trailer,       ///< likewise, after the body
    body,          ///< the one value, byte by byte
    part_of_body,  ///< the one value, somewhere in it
    not_in_body,   ///< the one value, nowhere in it
  };

  std::string name;  ///< of a header or trailer, in lower case; ":status" is the status; empty for a body
  std::vector<std::string> values;
  Of of = Of::header;
};

/// From NAME=VALUE texts given with `flag`. The same name again means one more value.
Expected<std::vector<Expectation>> parse_expectations(const std::vector<std::string>& texts,
                                                      std::string_view flag = "--expect");

/// "x-wasm-custom: FOO, exactly once".
std::string to_string(const Expectation& expectation);

bool is_met(const Expectation& expectation, const http::Response& response);

/// What the response has in its place, as one line: "no x-wasm-custom", "x-wasm-custom: BAR".
std::string seen_instead(const Expectation& expectation, const http::Response& response);

}  // namespace wasmup::traffic
