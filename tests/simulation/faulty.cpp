// SPDX-License-Identifier: MIT
// A filter with the fault that its plugin configuration names, made of hostcalls alone: it stays as it is,
// whatever the SDK becomes. It asks a service about each request, and masks a word in bodies.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <wasmup/bytes.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/plugin.hpp>

namespace {

using namespace wasmup;
using Arguments = const uint32_t*;

struct Asking {
  uint32_t stream = 0;
  std::shared_ptr<std::string> path;
};

std::string fault;
std::map<uint32_t, std::shared_ptr<std::string>> streams;
std::map<uint32_t, Asking> asked;
std::map<uint32_t, std::string*> unowned;

bool has(std::string_view name) { return fault == name; }

void log(std::string_view text) { (void)abi::proxy_log(LogLevel::info, text.data(), text.size()); }

std::string header(abi::MapType map, std::string_view name) {
  char* data = nullptr;
  size_t size = 0;
  if (abi::proxy_get_header_map_value(map, name.data(), name.size(), &data, &size) != Status::ok) return {};
  if (has("leak")) return std::string(data, size);
  const Bytes owned(data, size);
  return std::string(owned.view());
}

std::string body(abi::BufferType buffer, size_t size) {
  char* data = nullptr;
  size_t received = 0;
  if (abi::proxy_get_buffer_bytes(buffer, 0, size, &data, &received) != Status::ok) return {};
  const Bytes owned(data, received);
  return std::string(owned.view());
}

void reply(uint32_t status) {
  const std::string_view text = "no\n";
  (void)abi::proxy_send_local_response(status, nullptr, 0, text.data(), text.size(), nullptr, 0,
                                       abi::no_grpc_status);
}

uint32_t ask(uint32_t stream) {
  static constexpr char pairs[] =
      "\3\0\0\0\7\0\0\0\3\0\0\0\5\0\0\0\1\0\0\0\12\0\0\0\4\0\0\0:method\0GET\0:path\0/\0:authority\0auth\0";
  uint32_t token = 0;
  const Status status =
      abi::proxy_http_call("auth", 4, pairs, sizeof(pairs) - 1, nullptr, 0, nullptr, 0, 500, &token);
  if (status != Status::ok) {
    if (!has("hold_without_a_call")) reply(503);
    return 4;
  }
  asked[token] = {stream, has("use_after_free") ? nullptr : streams[stream]};
  if (has("use_after_free")) unowned[token] = streams[stream].get();
  return 4;
}

uint32_t on_configure(Arguments arguments) {
  fault = body(abi::BufferType::plugin_configuration, arguments[1]);
  return 1;
}

uint32_t on_context_create(Arguments arguments) {
  if (arguments[1] != 0)
    streams[arguments[0]] = std::make_shared<std::string>("a path long enough for the heap");
  return 0;
}

uint32_t on_request_headers(Arguments arguments) {
  if (has("passes_all")) return 0;
  return ask(arguments[0]);
}

uint32_t on_request_body(Arguments arguments) {
  if (has("gather_after_hold")) return arguments[2] != 0 ? 0 : 1;
  return 0;
}

uint32_t on_response_headers(Arguments) {
  const std::string status = header(abi::MapType::response_headers, ":status");
  if (has("control_characters")) {
    const std::string value = "1\r\nx-more: 1";
    (void)abi::proxy_add_header_map_value(abi::MapType::response_headers, "x-a", 3, value.data(),
                                          value.size());
  }
  if (has("two_replies") && status == "500") {
    reply(502);
    reply(502);
    return 4;
  }
  if (!has("wrong_length")) {
    (void)abi::proxy_remove_header_map_value(abi::MapType::response_headers, "content-length", 14);
  }
  return 0;
}

uint32_t on_response_body(Arguments arguments) {
  if (arguments[2] == 0) return has("unseen_before_trailers") ? 1 : 0;
  std::string text = body(abi::BufferType::response_body, arguments[1]);
  if (text.empty()) return 0;
  if (const size_t at = text.find("cat"); at != text.npos) {
    text.replace(at, 3, "*");
    (void)abi::proxy_set_buffer_bytes(abi::BufferType::response_body, 0, arguments[1], text.data(),
                                      text.size());
  }
  return 0;
}

uint32_t on_answer(Arguments arguments) {
  const auto found = asked.find(arguments[1]);
  if (found == asked.end()) return 0;
  Asking asking = found->second;
  asked.erase(found);
  if (has("use_after_free") && unowned[arguments[1]]->empty()) return 0;
  const bool is_there = streams.contains(asking.stream);
  if (!is_there && !has("late_answer")) return 0;
  if (has("another_stream")) asking.stream = streams.rbegin()->first;
  if (abi::proxy_set_effective_context(asking.stream) != Status::ok) return 0;
  if (arguments[2] == 0) {
    if (!has("hold_without_an_answer")) reply(503);
  } else {
    (void)abi::proxy_continue_stream(abi::StreamType::request);
  }
  return 0;
}

uint32_t on_done(Arguments arguments) {
  if (has("done_of_a_root") || streams.contains(arguments[0])) log("done");
  return 1;
}

uint32_t on_delete(Arguments arguments) {
  streams.erase(arguments[0]);
  return 0;
}

void reset() {
  streams.clear();
  asked.clear();
  unowned.clear();
}

constexpr detail::NativeExport exports[] = {
    {"proxy_on_configure", on_configure},
    {"proxy_on_context_create", on_context_create},
    {"proxy_on_request_headers", on_request_headers},
    {"proxy_on_request_body", on_request_body},
    {"proxy_on_response_headers", on_response_headers},
    {"proxy_on_response_body", on_response_body},
    {"proxy_on_http_call_response", on_answer},
    {"proxy_on_done", on_done},
    {"proxy_on_delete", on_delete},
};

}  // namespace

const wasmup::detail::NativeModule& wasmup::detail::native_module() {
  static constexpr NativeModule module{exports, &reset};
  return module;
}
