// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <gmock/gmock.h>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <wasmup/testing/headers.hpp>
#include <wasmup/testing/host.hpp>

/// Matchers for what tests of filters ask most. Each says what was there when it does not match.
namespace wasmup::testing {
namespace detail {

inline const Headers* headers_of(const Headers& headers) { return &headers; }
inline const Headers* headers_of(const Message& message) { return &message.headers; }
inline const Headers* headers_of(const std::optional<Message>& message) {
  return message ? &message->headers : nullptr;
}

inline std::string list(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "\"" : ", \"") + value + "\"";
  return text;
}

}  // namespace detail

/// The header is there once, with this value. Takes Headers, a Message, or one that may not be there.
MATCHER_P2(HasHeader, name, value,
           std::string(negation ? "has not" : "has") + " exactly one header " + std::string(name) + ": " +
               ::testing::PrintToString(std::string(value))) {
  const Headers* headers = detail::headers_of(arg);
  if (headers == nullptr) {
    *result_listener << "no message came";
    return false;
  }
  const std::vector<std::string> values = headers->values(name);
  if (values.empty()) {
    *result_listener << "the header is not there";
  } else {
    *result_listener << "there " << (values.size() == 1 ? "is " : "are ") << detail::list(values);
  }
  return values.size() == 1 && values[0] == value;
}

/// No header of that name is there. A message that never came does not match.
MATCHER_P(LacksHeader, name, std::string(negation ? "has" : "has no") + " header " + std::string(name)) {
  const Headers* headers = detail::headers_of(arg);
  if (headers == nullptr) {
    *result_listener << "no message came";
    return false;
  }
  const std::vector<std::string> values = headers->values(name);
  if (!values.empty()) *result_listener << "there is " << detail::list(values);
  return values.empty();
}

/// A line of the module's log.
MATCHER_P2(Logged, level, text,
           "is a log line of that level that contains " + ::testing::PrintToString(text)) {
  return arg.level == level && arg.text.find(text) != std::string::npos;
}

}  // namespace wasmup::testing
