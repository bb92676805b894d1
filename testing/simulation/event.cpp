// SPDX-License-Identifier: MIT
#include "event.hpp"

#include "../names.hpp"

namespace wasmup::testing::simulation {
namespace {

std::string bytes(const std::string& body) {
  if (body.empty()) return "no bytes";
  if (body.size() <= 40) return quoted(body);
  return std::to_string(body.size()) + " bytes";
}

std::string list(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers) {
    if (name == ":scheme" || name == ":authority") continue;
    text += (text.empty() ? "" : ", ") + name + ": " + (value.empty() ? "\"\"" : value);
  }
  return "{" + text + "}";
}

std::string message(const Event& event, const char* name) {
  return std::string(name) + " " + list(event.headers) + (event.end ? ", its end" : "");
}

std::string piece(const Event& event, const char* name) {
  return bytes(event.body) + " of the " + name + (event.end ? ", its end" : "");
}

std::string which_call(const Event& event, const char* kind) {
  if (event.stream != 0) return std::string("its oldest ") + kind;
  return std::string("the ") + kind + " number " + std::to_string(event.number) + " of those that wait";
}

std::string what(const Event& event) {
  switch (event.kind) {
    case Kind::request:
      return message(event, "a request");
    case Kind::request_body:
      return piece(event, "request");
    case Kind::request_trailers:
      return "request trailers " + list(event.headers);
    case Kind::client_leaves:
      return "the client leaves";
    case Kind::response:
      return message(event, "the upstream answers") + (event.after_all ? " (to the whole request)" : "");
    case Kind::response_body:
      return piece(event, "response");
    case Kind::response_trailers:
      return "response trailers " + list(event.headers);
    case Kind::upstream_resets:
      return "the upstream breaks off";
    case Kind::answer:
      return which_call(event, "call-out") + " is answered " + list(event.headers) + ", " + bytes(event.body);
    case Kind::answer_fails:
      return which_call(event, "call-out") + " breaks off";
    case Kind::grpc_metadata:
      return which_call(event, "gRPC call") + " gets metadata " + list(event.headers);
    case Kind::grpc_message:
      return which_call(event, "gRPC call") + " gets a message, " + bytes(event.body);
    case Kind::grpc_trailers:
      return which_call(event, "gRPC call") + " gets trailing metadata " + list(event.headers);
    case Kind::grpc_close:
      return which_call(event, "gRPC call") + " ends with gRPC status " +
             (event.body.empty() ? "0" : event.body);
    case Kind::time:
      return std::to_string(event.number) + " ms pass";
    case Kind::item:
      return "an item comes to each shared queue, " + bytes(event.body);
    case Kind::foreign:
      return "the foreign function " + std::to_string(event.number) + " of the root is called, " +
             bytes(event.body);
    case Kind::log:
      return "the root is given a log entry";
    case Kind::reconfigure:
      return "the plugin configuration comes anew";
    case Kind::connect:
      return "a TCP connection";
    case Kind::downstream_data:
      return bytes(event.body) + " from the client" + (event.end ? ", its end" : "");
    case Kind::upstream_data:
      return bytes(event.body) + " from the upstream" + (event.end ? ", its end" : "");
    case Kind::connection_close:
      return event.number != 0 ? "Envoy closes the connection" : "the client closes the connection";
  }
  return {};
}

}  // namespace

std::string text_of(const Event& event) {
  return (event.same_pass ? "at once, " : "") +
         (event.stream != 0 ? "stream " + std::to_string(event.stream) + ": " : "") + what(event);
}

}  // namespace wasmup::testing::simulation
