// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/wasmup.hpp>

/// Answers by itself where the path asks for it: before the upstream ("/deny", "/grpc", "/bad", "/many"), or
/// in place of its response ("/late").
struct LocalReply : wasmup::HttpFilter<> {
  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto path = headers.get(":path");
    if (*path == "/deny") {
      wasmup::send_local_response({.status = 403,
                                   .headers = {{"x-reason", "denied"}, {"x-reason", "twice"}},
                                   .body = "denied\n",
                                   .details = "test denied"})
          .ignore();
    } else if (*path == "/grpc") {
      wasmup::send_local_response({.status = 200, .grpc_status = 7}).ignore();
    } else if (*path == "/bad") {
      const auto sent = wasmup::send_local_response({.headers = {{"x-reason", std::string("a\nb")}}});
      if (sent.status() == wasmup::Status::bad_argument) wasmup::log::warn("not sent");
      if (wasmup::send_local_response({.status = 199}).status() == wasmup::Status::bad_argument) {
        wasmup::log::warn("nor this");
      }
      if (wasmup::send_local_response({.grpc_status = 17}).status() == wasmup::Status::bad_argument) {
        wasmup::log::warn("nor that");
      }
    } else if (*path == "/many") {
      const std::vector<wasmup::Header> more(3, {"x-more", std::string_view("1")});
      wasmup::send_local_response({.headers = {{"x-first", "0"}}, .more_headers = more}).ignore();
    }
    return wasmup::HeadersAction::continue_iteration;  // a local response stops the stream whatever is
                                                       // returned
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.set("x-passed", "response callback").ignore();
    if (headers.get("x-late")) wasmup::send_local_response({.status = 502, .body = "late"}).ignore();
  }
};

WASMUP_REGISTER(LocalReply)
