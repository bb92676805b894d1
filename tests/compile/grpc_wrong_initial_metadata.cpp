// SPDX-License-Identifier: MIT
// expect: on_initial_metadata takes \(Filter&, wasmup::GrpcInitialMetadata\)
#include <wasmup/wasmup.hpp>

struct Asks;

struct Events {
#ifdef WRONG
  void on_initial_metadata(Asks&, wasmup::GrpcTrailingMetadata) {}
#else
  void on_initial_metadata(Asks&, wasmup::GrpcInitialMetadata) {}
#endif
};

struct Asks : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    stream_ = *wasmup::grpc_stream(*this, {.cluster = "chat", .service = "Chat", .method = "Talk"}, Events());
  }

  wasmup::GrpcStream stream_;
};

WASMUP_REGISTER(Asks)
