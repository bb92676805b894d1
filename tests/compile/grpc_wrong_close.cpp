// SPDX-License-Identifier: MIT
// expect: on_close takes \(Filter&, wasmup::GrpcStatus\)
#include <wasmup/wasmup.hpp>

struct Asks;

struct Events {
#ifdef WRONG
  void on_close(Asks&, wasmup::GrpcMessage) {}
#else
  void on_close(Asks&, wasmup::GrpcStatus) {}
#endif
};

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    stream_ = *wasmup::grpc_stream(*this, {.cluster = "chat", .service = "Chat", .method = "Talk"}, Events());
  }

  wasmup::GrpcStream stream_;
};

WASMUP_REGISTER(Asks)
