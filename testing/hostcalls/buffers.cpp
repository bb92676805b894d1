// SPDX-License-Identifier: MIT
#include <algorithm>

#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

/// A body or TCP data outside its callback is an empty buffer.
bool is_stream_data(abi::BufferType type) { return type <= abi::BufferType::upstream_data; }

/// So are a gRPC message and a foreign call's arguments; an answer's body and a configuration are not there.
bool is_empty_elsewhere(abi::BufferType type) {
  return is_stream_data(type) || type == abi::BufferType::grpc_message ||
         type == abi::BufferType::foreign_arguments;
}

Status get_buffer_bytes(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const uint32_t start = in.number();
  const uint32_t max = in.number();
  const Address data = in.out();
  const Address size = in.out();
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  const std::string* const buffer = host.buffer_at_hand(type);
  if (buffer == nullptr) return is_empty_elsewhere(type) ? host.give(data, size, {}) : Status::not_found;
  const std::string_view all = *buffer;
  return host.give(data, size, start < all.size() ? all.substr(start, max) : std::string_view());
}

Status get_buffer_status(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const Address size = in.out();
  const Address flags = in.out();
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  const std::string* const buffer = host.buffer_at_hand(type);
  if (buffer == nullptr && !is_empty_elsewhere(type)) return Status::not_found;
  if (!write_word(*host.guest, size, buffer != nullptr ? buffer->size() : 0)) {
    return Status::invalid_memory_access;
  }
  return give_number(*host.guest, flags, uint32_t{0});
}

Status set_buffer_bytes(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::BufferType>();
  const uint32_t start = in.number();
  const uint32_t length = in.number();
  const std::string_view data = in.text();
  if (!in.valid()) return Status::invalid_memory_access;
  if (type > abi::BufferType::foreign_arguments) return Status::bad_argument;
  std::string* const buffer = host.buffer_at_hand(type);
  if (buffer == nullptr) return is_empty_elsewhere(type) ? Status::bad_argument : Status::not_found;
  if (!is_stream_data(type)) return Status::bad_argument;
  if (start == 0) {
    buffer->replace(0, std::min<size_t>(length, buffer->size()), data);
  } else if (start >= buffer->size()) {
    buffer->append(data);
  } else {
    return Status::bad_argument;  // Envoy does not splice
  }
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_get_buffer_bytes", get_buffer_bytes},
    {"proxy_get_buffer_status", get_buffer_status},
    {"proxy_set_buffer_bytes", set_buffer_bytes},
};

}  // namespace

std::span<const HostcallEntry> buffer_hostcalls() { return entries; }

}  // namespace wasmup::testing
