// SPDX-License-Identifier: MIT
// expect: on_trailing_metadata takes \(Filter&, wasmup::GrpcTrailingMetadata\)
#include <wasmup/wasmup.hpp>

struct Asks;

struct Events {
#ifdef WRONG
  void on_trailing_metadata(Asks&, wasmup::GrpcInitialMetadata) {}
#else
  void on_trailing_metadata(Asks&, wasmup::GrpcTrailingMetadata) {}
#endif
};

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    stream_ = *wasmup::grpc_stream(*this, {.cluster = "chat", .service = "Chat", .method = "Talk"}, Events());
  }

  wasmup::GrpcStream stream_;
};

WASMUP_REGISTER(Asks)
