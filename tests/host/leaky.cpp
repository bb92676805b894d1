// SPDX-License-Identifier: MIT
#include <wasmup/wasmup.hpp>

/// What the SDK's types prevent: asks the host past them, and never frees the answer.
struct Leaky : wasmup::HttpFilter<> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    // Something must free memory, or the module has no allocator and the host cannot hand anything over.
    headers.get("server").ignore();
    char* value = nullptr;
    size_t size = 0;
    static_cast<void>(wasmup::abi::proxy_get_header_map_value(wasmup::abi::MapType::response_headers,
                                                              ":status", 7, &value, &size));
  }
};

WASMUP_REGISTER(Leaky)
