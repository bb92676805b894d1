// SPDX-License-Identifier: MIT
#include "exchange.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "../text/json.hpp"

namespace wasmup::envoy {
namespace {

using Json = nlohmann::json;

/// Envoy writes null for what it does not know.
template <class Value>
Value value(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return {};
  if constexpr (std::is_same_v<Value, std::string>) {
    return found->is_string() ? found->get<std::string>() : Value();
  } else {
    return found->is_number_integer() ? found->get<Value>() : Value();
  }
}

std::optional<Exchange::Headers> headers(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) return std::nullopt;
  Exchange::Headers headers;
  for (const Json& line : *found) {
    if (!line.is_string()) continue;
    const auto text = line.get<std::string>();
    const size_t colon = text.find(": ", 1);  // a pseudo-header begins with a colon
    if (colon != text.npos) headers.emplace_back(text.substr(0, colon), text.substr(colon + 2));
  }
  return headers;
}

Exchange http_exchange(const Json& json) {
  Exchange exchange;
  exchange.method = value<std::string>(json, "method");
  exchange.path = value<std::string>(json, "path");
  exchange.status = value<int>(json, "status");
  exchange.details = value<std::string>(json, "details");
  exchange.time = std::chrono::microseconds(value<int64_t>(json, "microseconds"));
  exchange.request_before = headers(json, "request_before");
  exchange.request_after = headers(json, "request_after");
  exchange.response_before = headers(json, "response_before");
  exchange.response_after = headers(json, "response_after");
  return exchange;
}

Exchange connection(const Json& json) {
  Exchange exchange;
  exchange.is_connection = true;
  exchange.received = value<int64_t>(json, "received");
  exchange.sent = value<int64_t>(json, "sent");
  exchange.time = std::chrono::milliseconds(value<int64_t>(json, "milliseconds"));
  return exchange;
}

constexpr std::string_view http_start = R"({"exchange":{)";
constexpr std::string_view tcp_start = R"({"connection":{)";

/// A quote within a text is escaped: what looks like a name is one.
int number_after(std::string_view line, std::string_view name) {
  const size_t at = line.find(name);
  int number = 0;
  if (at != line.npos) std::from_chars(line.data() + at + name.size(), line.data() + line.size(), number);
  return number;
}

}  // namespace

std::optional<Exchange> parse_exchange_briefly(std::string_view line) {
  if (!line.starts_with(http_start)) return parse_exchange(line);
  Exchange exchange;
  exchange.status = number_after(line, R"("status":)");
  exchange.port = static_cast<uint16_t>(number_after(line, R"("port":)"));
  return exchange;
}

std::optional<Exchange> parse_exchange(std::string_view line) {
  const bool is_http = line.starts_with(http_start);
  if (!is_http && !line.starts_with(tcp_start)) return std::nullopt;
  const Json whole = text::parse_json(line);
  if (whole.is_discarded()) return std::nullopt;
  const Json& json = whole.at(is_http ? "exchange" : "connection");
  Exchange exchange = is_http ? http_exchange(json) : connection(json);
  exchange.flags = value<std::string>(json, "flags");
  exchange.port = value<uint16_t>(json, "port");
  return exchange;
}

}  // namespace wasmup::envoy
