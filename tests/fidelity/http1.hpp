// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cases.hpp"

/// As much HTTP/1.1 as a client and an upstream need whose bytes a test sends one piece at a time.
namespace wasmup::fidelity::http1 {

struct Message {
  std::string first_line;
  Fields headers;
  std::string body = {};  ///< what has come of it
  Fields trailers = {};
  bool is_complete = false;

  std::string header(std::string_view name) const;  ///< empty: not there
};

/// Nothing as long as the header block is not whole.
std::optional<Message> parse(std::string_view bytes);

/// A header block; the body is to come in chunks, or there is none.
std::string head(const std::string& first_line, const Fields& headers, bool is_whole);
std::string chunk(const std::string& data);
std::string end(const Fields& trailers = {});

}  // namespace wasmup::fidelity::http1
