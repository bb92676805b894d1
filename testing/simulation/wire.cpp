// SPDX-License-Identifier: MIT
#include "wire.hpp"

#include <algorithm>
#include <string_view>

#include "../names.hpp"

namespace wasmup::testing::simulation {
namespace {

bool is_name(std::string_view name) {
  if (name.starts_with(':')) name.remove_prefix(1);
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
  });
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

bool has_spaces(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == ' ' || c == '\t'; }) ||
         has_control_characters(text);
}

/// Whether a message tells its length, if at all, as it is. One of which events were taken away may not.
bool fits(const Message& message) {
  const auto length = message.headers.get("content-length");
  return !length || *length == std::to_string(message.body.size());
}

/// Of one message on its way to somebody.
class Check {
 public:
  Check(std::vector<std::string>& faults, std::string receiver)
      : faults_(faults), receiver_(std::move(receiver)) {}

  void add(const std::string& what) { faults_.push_back(receiver_ + " got " + what); }

  void grammar(const Headers& headers) {
    for (const auto& [name, value] : headers) {
      if (!is_name(name)) add("a header whose name is none: " + quoted(name));
      if (has_control_characters(value)) {
        add("a header with control characters: " + quoted(name) + ": " + quoted(value));
      }
    }
  }

  /// Headers of the connection are Envoy's.
  void connection(const Headers& passed, const Headers* sent) {
    for (const char* const name : {"transfer-encoding", "connection", "keep-alive", "upgrade"}) {
      if (passed.contains(name) && (sent == nullptr || !sent->contains(name))) {
        add(std::string("a header ") + name + " that the filter made up");
      }
    }
  }

  void length(const Message& message) {
    if (fits(message)) return;
    add("content-length " + quoted(message.headers.get("content-length").value_or("")) + " with a body of " +
        std::to_string(message.body.size()) + " bytes");
  }

 private:
  std::vector<std::string>& faults_;
  std::string receiver_;
};

}  // namespace

std::vector<std::string> wire_faults(const SimulatedExchange& exchange, bool request_passed_whole,
                                     bool response_passed_whole, bool looks_at_length) {
  std::vector<std::string> faults;
  if (exchange.upstream) {
    const Message& upstream = *exchange.upstream;
    Check check(faults, "the upstream");
    check.grammar(upstream.headers);
    check.grammar(upstream.trailers);
    check.connection(upstream.headers, &exchange.request.headers);
    const std::string method = upstream.headers.get(":method").value_or("");
    const std::string path = upstream.headers.get(":path").value_or("");
    if (method.empty() || has_spaces(method)) check.add("the method " + quoted(method));
    if (path.empty() || has_spaces(path)) check.add("the path " + quoted(path));
    if (request_passed_whole && looks_at_length && !exchange.was_reset && fits(exchange.request)) {
      check.length(upstream);
    }
  }
  if (exchange.client) {
    const Message& client = *exchange.client;
    Check check(faults, "the client");
    check.grammar(client.headers);
    check.grammar(client.trailers);
    check.connection(client.headers, exchange.response ? &exchange.response->headers : nullptr);
    const int status = exchange.status();
    if (status < 200 || status > 599) check.add("the status " + std::to_string(status));
    const bool is_head = exchange.request.headers.get(":method") == "HEAD";
    const bool is_bodyless = status == 204 || status == 304;
    if (is_bodyless && !client.body.empty()) check.add("a " + std::to_string(status) + " with a body");
    const bool sent_well = !exchange.response || fits(*exchange.response);
    if (response_passed_whole && looks_at_length && sent_well && !is_head && !is_bodyless &&
        !exchange.was_reset) {
      check.length(client);
    }
  }
  return faults;
}

}  // namespace wasmup::testing::simulation
