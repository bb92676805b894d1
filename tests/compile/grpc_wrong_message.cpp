// SPDX-License-Identifier: MIT
// expect: on_message takes \(Filter&, wasmup::GrpcMessage\)
#include <wasmup/wasmup.hpp>

struct Asks;

struct Events {
#ifdef WRONG
  void on_message(Asks&, wasmup::GrpcReply) {}
#else
  void on_message(Asks&, wasmup::GrpcMessage) {}
#endif
};

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    stream_ = *wasmup::grpc_stream(*this, {.cluster = "chat", .service = "Chat", .method = "Talk"}, Events());
  }

  wasmup::GrpcStream stream_;
};

WASMUP_REGISTER(Asks)
