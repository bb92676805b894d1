// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// The bytes of a body that are at hand in this callback: the new chunk, or, once a callback answered
/// `BodyAction::buffer`, everything since. Usable during the callback only.
///
/// Headers have gone on before a body comes: a filter that changes the body's size takes `content-length`
/// away in its headers callback, or the message no longer is what it says.
template <abi::BufferType buffer>
class Body {
 public:
  explicit constexpr Body(size_t size) : size_(size) {}

  /// Bytes at hand when the callback began.
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }

  /// Up to `max` bytes from `offset` on; fewer, or none, where the body ends. proxy_get_buffer_bytes.
  Result<Bytes> read(size_t offset = 0, size_t max = to_the_end) const {
    return detail::receive([=](char** data, size_t* size) {
      return abi::proxy_get_buffer_bytes(buffer, offset, max, data, size);
    });
  }

  /// Puts `data` in place of all bytes at hand. proxy_set_buffer_bytes.
  Result<> replace(std::string_view data) const { return write(0, to_the_end, data); }

  /// Puts `data` before the bytes at hand. proxy_set_buffer_bytes.
  Result<> prepend(std::string_view data) const { return write(0, 0, data); }

  /// Puts `data` after the bytes at hand. proxy_set_buffer_bytes.
  Result<> append(std::string_view data) const { return write(to_the_end, 0, data); }

 private:
  // The host takes an i32 and clips: nothing is longer than this.
  static constexpr size_t to_the_end = std::numeric_limits<uint32_t>::max();

  static Result<> write(size_t start, size_t size, std::string_view data) {
    return abi::proxy_set_buffer_bytes(buffer, start, size, data.data(), data.size());
  }

  size_t size_;
};

using RequestBody = Body<abi::BufferType::request_body>;
using ResponseBody = Body<abi::BufferType::response_body>;

/// Bytes of a TCP connection that have not gone on yet: from the client, and from the upstream. What a
/// callback holds back of the client's stays at hand after it: `DownstreamData(0)` in StreamHandle::run reads
/// and changes that.
using DownstreamData = Body<abi::BufferType::downstream_data>;
using UpstreamData = Body<abi::BufferType::upstream_data>;

}  // namespace wasmup
