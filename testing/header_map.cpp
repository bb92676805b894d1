// SPDX-License-Identifier: MIT
#include "header_map.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <utility>

#include "lower_case.hpp"

namespace wasmup::testing::header_map {
namespace {

constexpr std::string_view single_in_both[] = {
    "cache-control", "connection", "content-encoding",      "content-length",
    "content-type",  "keep-alive", "proxy-connection",      "transfer-encoding",
    "upgrade",       "via",        "x-envoy-attempt-count", "x-envoy-decorator-operation",
    "x-request-id",
};

constexpr std::string_view single_in_requests[] = {
    ":authority",
    ":method",
    ":path",
    ":protocol",
    ":scheme",
    "accept",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "authorization",
    "expect",
    "grpc-accept-encoding",
    "grpc-timeout",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "origin",
    "pragma",
    "referer",
    "te",
    "user-agent",
    "x-client-trace-id",
    "x-envoy-expected-rq-timeout-ms",
    "x-envoy-external-address",
    "x-envoy-force-trace",
    "x-envoy-internal",
    "x-envoy-ip-tags",
    "x-envoy-max-retries",
    "x-envoy-original-path",
    "x-envoy-retry-on",
    "x-envoy-upstream-rq-timeout-ms",
    "x-forwarded-client-cert",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
};

constexpr std::string_view single_in_responses[] = {
    ":status",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "date",
    "etag",
    "expires",
    "grpc-message",
    "grpc-status",
    "last-modified",
    "location",
    "proxy-status",
    "server",
    "vary",
    "x-envoy-degraded",
    "x-envoy-immediate-health-check-fail",
    "x-envoy-ratelimited",
    "x-envoy-upstream-canary",
    "x-envoy-upstream-healthchecked-cluster",
    "x-envoy-upstream-service-time",
};

constexpr std::string_view single_in_response_trailers[] = {"grpc-message", "grpc-status"};

bool is_single(abi::MapType map, std::string_view name) {
  const auto is_among = [name](std::span<const std::string_view> names) {
    return std::ranges::binary_search(names, name);
  };
  switch (map) {
    case abi::MapType::request_headers:
      return is_among(single_in_both) || is_among(single_in_requests);
    case abi::MapType::response_headers:
      return is_among(single_in_both) || is_among(single_in_responses);
    case abi::MapType::response_trailers:
      return is_among(single_in_response_trailers);
    default:
      return false;
  }
}

/// The same with another first value of one name, in its place.
Headers with(const Headers& headers, std::string_view name, const std::string& value) {
  Headers changed;
  bool is_done = false;
  for (const auto& [own_name, own_value] : headers) {
    const bool is_it = !is_done && own_name == name;
    changed.add(own_name, is_it ? value : own_value);
    is_done = is_done || is_it;
  }
  return changed;
}

/// A status as Envoy reads it: white space around it and a sign do not matter.
std::optional<std::string> status_of(std::string_view text) {
  static constexpr std::string_view white_space = " \t\n\v\f\r";
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  text = text.substr(0, text.find_last_not_of(white_space) + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  uint64_t status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(status);
}

bool is_token(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    const bool is_letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter_or_digit || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_control_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < ' ' && byte != '\t') || byte == 0x7F;
}

std::string with_line_ends_shown(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '\r') {
      text += "\\r";
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string name_in(abi::MapType map, std::string_view name) {
  std::string own = lower_case(name);
  return map == abi::MapType::request_headers && own == "host" ? ":authority" : own;
}

void add(abi::MapType map, Headers& headers, std::string_view name, std::string_view value) {
  const std::string own_name = name_in(map, name);
  const auto there = headers.get(own_name);
  if (there && is_single(map, own_name)) {
    headers = with(headers, own_name, *there + ',' + std::string(value));
  } else {
    headers.add(own_name, value);
  }
}

Headers kept(abi::MapType map, const Headers& pairs) {
  Headers headers;
  for (const auto& [name, value] : pairs) add(map, headers, name, value);
  return headers;
}

std::optional<LocalReply> refusal_of_request(const Headers& headers) {
  if (!headers.get(":path").value_or("").starts_with('/')) return LocalReply{.status = 404};
  return refusal_of_call(headers);
}

std::optional<LocalReply> refusal_of_call(const Headers& headers) {
  const auto refusal = [](std::string reason) {
    return LocalReply{.status = 503, .body = std::move(reason)};
  };
  const auto method = headers.get(":method");
  if (!method) return refusal("missing required header: :method");
  if (*method == "CONNECT" && !headers.contains(":protocol")) {
    return refusal("missing required header: :protocol");
  }
  for (const auto& [name, value] : headers) {
    if (!is_token(std::string_view(name).substr(name.starts_with(':') ? 1 : 0))) {
      return refusal("invalid header name: " + with_line_ends_shown(name));
    }
    if (std::ranges::any_of(value, is_control_character)) return refusal("invalid header value for: " + name);
  }
  return std::nullopt;
}

std::optional<LocalReply> refusal_of_response(const Headers& headers) {
  if (status_of(headers.get(":status").value_or(""))) return std::nullopt;
  return LocalReply{.status = 502, .body = "missing required header: :status"};
}

Headers sent_response(Headers headers, bool is_upgrade) {
  for (const char* const name : {"proxy-connection", "transfer-encoding"}) headers.remove(name);
  if (!is_upgrade) {
    for (const char* const name : {"connection", "upgrade"}) headers.remove(name);
  }
  if (const auto status = status_of(headers.get(":status").value_or(""))) headers.set(":status", *status);
  return headers;
}

}  // namespace wasmup::testing::header_map
