// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

namespace detail {

/// Joins the segments of a path with NULs, as the host wants them. A path is never long: 256 bytes of stack
/// do.
class PropertyPath {
 public:
  explicit PropertyPath(std::initializer_list<std::string_view> segments) {
    for (const std::string_view segment : segments) {
      const size_t separator = size_ != 0 ? 1 : 0;
      if (segment.empty() || size_ + separator + segment.size() > sizeof(text_)) {
        size_ = 0;
        return;
      }
      if (separator != 0) text_[size_++] = '\0';
      std::memcpy(text_ + size_, segment.data(), segment.size());
      size_ += segment.size();
    }
  }

  const char* data() const { return text_; }
  size_t size() const { return size_; }
  bool valid() const { return size_ != 0; }

 private:
  char text_[256];
  size_t size_ = 0;
};

}  // namespace detail

/// The raw value of an attribute of the stream or the plugin, such as {"request", "path"} or {"xds",
/// "route_name"}; `Status::not_found` when there is none. Text comes as it is, numbers in their wire form.
/// One of the dearer hostcalls. proxy_get_property.
inline Result<Bytes> get_property(std::initializer_list<std::string_view> path) {
  const detail::PropertyPath joined(path);
  if (!joined.valid()) return Status::bad_argument;
  return detail::receive([&joined](char** data, size_t* size) {
    return abi::proxy_get_property(joined.data(), joined.size(), data, size);
  });
}

/// Keeps a value with the stream, under one name: `get_property({name})` reads it back in any later callback,
/// and the access log has it as `%FILTER_STATE(wasm.NAME:PLAIN)%`. `Status::not_found` outside a stream. (The
/// host would take a path too, but could not read it back.) proxy_set_property.
inline Result<> set_property(std::string_view name, std::string_view value) {
  if (name.empty()) return Status::bad_argument;
  return abi::proxy_set_property(name.data(), name.size(), value.data(), value.size());
}

}  // namespace wasmup
