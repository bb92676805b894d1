// SPDX-License-Identifier: MIT
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;
using wasmup::HeadersAction;

namespace {

/// The service's messages have one field each, `string text = 1`: its tag, its size, its bytes. So short a
/// message needs no protobuf library, and a text below 128 bytes none of its variable-length sizes.
constexpr char text_tag = 1 << 3 | 2;

std::optional<std::string> encode(std::string_view text) {
  if (text.size() > 127) return std::nullopt;
  return std::string{text_tag, static_cast<char>(text.size())}.append(text);
}

std::optional<std::string_view> decode(std::string_view message) {
  if (message.empty()) return message;  // protobuf leaves empty fields out
  if (message.size() < 2 || message[0] != text_tag) return std::nullopt;
  if (static_cast<unsigned char>(message[1]) != message.size() - 2) return std::nullopt;
  return message.substr(2);
}

HeadersAction refuse(uint32_t status, std::string_view body) {
  wasmup::send_local_response({.status = status, .body = body}).ignore();  // the request stops all the same
  return HeadersAction::hold_all;
}

}  // namespace

/// The plugin configuration: the cluster of the quota service.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    cluster = configuration.view();
    if (cluster.empty()) wasmup::log::error("the configuration must name the cluster to ask");
    return !cluster.empty();
  }
  std::string cluster;
};

/// Takes one from the user's quota before a request goes on, and tells the upstream what is left.
struct GrpcCallout : wasmup::HttpFilter<Settings> {
  static constexpr std::string_view root_id = "quota";

  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto user = headers.get("x-user");
    const auto message = encode(user->view());
    if (user->empty() || !message) return refuse(401, "who are you?\n");
    const auto made = wasmup::grpc_call(*this,
                                        {.cluster = root().cluster,
                                         .service = "quota.Quota",
                                         .method = "Take",
                                         .message = *message,
                                         .timeout = 500ms},
                                        &GrpcCallout::on_reply);
    return made ? HeadersAction::hold_all : unavailable("it cannot be asked");
  }

 private:
  static constexpr uint32_t resource_exhausted = 8;

  void on_reply(wasmup::GrpcReply reply) {
    const auto message = reply.message().read();
    const auto left = decode(message->view());
    if (reply.status().code() == resource_exhausted) {
      refuse(429, "your quota is used up\n");
    } else if (!reply.ok()) {
      const auto reason = reply.status().message();
      unavailable(std::to_string(reply.status().code()), " ", *reason);
    } else if (!left || !wasmup::RequestHeaders().set("x-quota-left", *left)) {
      unavailable("its answer makes no sense");
    } else {
      wasmup::continue_request().ignore();
    }
  }

  template <class... Text>
  static HeadersAction unavailable(const Text&... reason) {
    wasmup::log::warn("no quota: ", reason...);
    return refuse(503, "quotas are not available, try again later\n");
  }
};

/// The service, for want of another: makes a gRPC call of an upstream that knows nothing of gRPC, but answers
/// with what happens to be a message. Ada has a quota, and nobody else.
struct Service : wasmup::HttpFilter<> {
  static constexpr std::string_view root_id = "service";

  /// Goes on when the message is there. (Needs the plugin's allow_on_headers_stop_iteration.)
  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    // To gRPC, Envoy would give no direct response but an error.
    const auto set = headers.set("content-type", "application/octet-stream");
    return set ? HeadersAction::hold_headers : refuse(500, "");
  }

  wasmup::BodyAction on_whole_request_body(wasmup::RequestBody body) {
    constexpr size_t frame = 5;  // gRPC's own: whether it is compressed, and the size
    const auto message = body.read(frame);
    if (decode(message->view()) == "ada") return wasmup::BodyAction::continue_iteration;
    wasmup::send_local_response({.status = 200, .body = "nothing left", .grpc_status = 8}).ignore();
    return wasmup::BodyAction::buffer;
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.set("content-type", "application/grpc").ignore();
  }
  void on_response_body(wasmup::ResponseBody, bool end_of_stream) {
    if (end_of_stream) wasmup::ResponseTrailers().set("grpc-status", "0").ignore();
  }
};

WASMUP_REGISTER(GrpcCallout, Service)
