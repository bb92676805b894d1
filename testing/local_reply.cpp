// SPDX-License-Identifier: MIT
#include "local_reply.hpp"

#include <string_view>

namespace wasmup::testing {
namespace {

uint32_t grpc_status_of(uint32_t http_status) {
  switch (http_status) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return 14;
    default:
      return 2;
  }
}

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '%') {
      result += c;
    } else {
      static constexpr char digits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

}  // namespace

bool is_grpc(const Headers& request) {
  const std::string type = request.get("content-type").value_or("");
  return type == "application/grpc" || type.starts_with("application/grpc+");
}

Message message_of(const LocalReply& wanted, Asker asker) {
  if (asker.is_grpc) {
    Message message = reply(200, "", wanted.headers);
    message.headers.set("content-type", "application/grpc");
    message.headers.set(
        "grpc-status",
        std::to_string(wanted.grpc_status <= 16 ? wanted.grpc_status : grpc_status_of(wanted.status)));
    if (!wanted.body.empty() && !asker.is_head)
      message.headers.set("grpc-message", percent_encoded(wanted.body));
    return message;
  }
  Headers headers = wanted.headers;
  headers.remove(":status");
  const auto status = static_cast<uint16_t>(wanted.status);  // Envoy keeps no more of it
  Message message = reply(status, asker.is_head ? "" : wanted.body, headers);
  if (!wanted.body.empty()) {
    message.headers.set("content-length", std::to_string(wanted.body.size()));
    if (!message.headers.contains("content-type")) message.headers.add("content-type", "text/plain");
  }
  return message;
}

}  // namespace wasmup::testing
