// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/clock.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>
#include <wasmup/string_list.hpp>

namespace wasmup {

namespace detail {

/// Joins the segments of a path with NULs, as the host wants them. A path is never long: 256 bytes of stack
/// do.
class PropertyPath {
 public:
  explicit PropertyPath(std::initializer_list<std::string_view> segments) {
    for (const std::string_view segment : segments) {
      const size_t separator = size_ != 0 ? 1 : 0;
      if (segment.empty() || has_control_character(segment) ||
          size_ + separator + segment.size() > sizeof(text_)) {
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

/// Reads a property by its joined path.
inline Result<Bytes> get_property(const char* path, size_t size) {
  return receive([path, size](char** value, size_t* value_size) {
    return abi::proxy_get_property(path, size, value, value_size);
  });
}

template <class T>
inline constexpr bool is_property_type =
    std::is_same_v<T, Bytes> || std::is_same_v<T, bool> || std::is_same_v<T, int64_t> ||
    std::is_same_v<T, uint64_t> || std::is_same_v<T, double> || std::is_same_v<T, std::chrono::nanoseconds> ||
    std::is_same_v<T, Timestamp> || std::is_same_v<T, PairList> || std::is_same_v<T, StringList>;

/// Makes a value of its wire form. The wire does not tell the type, only the size can show a wrong one.
template <class T>
Result<T> decode_property(Bytes bytes) {
  static_assert(is_property_type<T>,
                "wasmup: a property is Bytes, bool, int64_t, uint64_t, double, std::chrono::nanoseconds, "
                "wasmup::Timestamp, wasmup::PairList or wasmup::StringList");
  if constexpr (std::is_same_v<T, Bytes>) {
    return bytes;
  } else if constexpr (std::is_same_v<T, PairList> || std::is_same_v<T, StringList>) {
    return T::parse(std::move(bytes));
  } else if constexpr (std::is_same_v<T, bool>) {
    if (bytes.size() != 1) return Status::parse_failure;
    return *bytes.data() != 0;
  } else {
    int64_t number = 0;
    if (bytes.size() != sizeof(number)) return Status::parse_failure;
    std::memcpy(&number, bytes.data(), sizeof(number));
    if constexpr (std::is_same_v<T, double>)
      return std::bit_cast<double>(number);
    else if constexpr (std::is_same_v<T, Timestamp>)
      return Timestamp(std::chrono::nanoseconds(number));
    else
      return T(number);
  }
}

/// A property whose path is known while compiling: its segments are joined in the source already.
template <class T, size_t size>
Result<T> property_at(const char (&path)[size]) {
  Result<Bytes> value = get_property(path, size - 1);
  if (!value) return value.status();
  return decode_property<T>(*std::move(value));
}

}  // namespace detail

/// The raw value of an attribute of the stream or the plugin, such as {"request", "path"} or {"xds",
/// "route_name"}; `Status::not_found` when there is none, now or ever. Text comes as it is, numbers in their
/// wire form: property<T>() reads those. A path with an empty segment, or with control characters in one, is
/// `Status::bad_argument`. One of the dearer hostcalls. proxy_get_property.
inline Result<Bytes> get_property(std::initializer_list<std::string_view> path) {
  const detail::PropertyPath joined(path);
  if (!joined.valid()) return Status::bad_argument;
  return detail::get_property(joined.data(), joined.size());
}

/// The same as a value of its type: `property<int64_t>({"response", "code"})`. The type must be the
/// attribute's:
///
///     Bytes                      text and bytes; of a protobuf message, its serialisation
///     bool, double               such
///     int64_t, uint64_t          `int` and `uint` in Envoy's list of attributes
///     std::chrono::nanoseconds   duration
///     wasmup::Timestamp          timestamp
///     wasmup::PairList           map with text in it, such as {"request", "headers"}
///     wasmup::StringList         list of text
///
/// `Status::parse_failure` when the value's size does not fit the type; a wrong type of the same size (an int
/// read as a double) goes unseen. What is usual has a name in wasmup/attributes.hpp. proxy_get_property.
template <class T>
Result<T> property(std::initializer_list<std::string_view> path) {
  Result<Bytes> value = get_property(path);
  if (!value) return value.status();
  return detail::decode_property<T>(*std::move(value));
}

namespace detail {

/// Names by which get_property gives Envoy's own attributes, whatever is kept under them.
constexpr bool is_attribute_name(std::string_view name) {
  for (const std::string_view taken :
       {"request", "response", "connection", "source", "destination", "upstream", "xds", "metadata",
        "filter_state", "plugin_name", "plugin_root_id", "plugin_vm_id", "connection_id"}) {
    if (name == taken) return true;
  }
  return false;
}

}  // namespace detail

/// Keeps a value with the stream, under one name: `get_property({name})` reads it back in any later callback,
/// and the access log has it as `%FILTER_STATE(wasm.NAME:PLAIN)%`. `Status::not_found` outside a stream,
/// `Status::bad_argument` for a name with control characters, and for that of an attribute of Envoy's own
/// ("request", "xds" and the like), which could not be read back. proxy_set_property.
inline Result<> set_property(std::string_view name, std::string_view value) {
  if (name.empty() || has_control_character(name) || detail::is_attribute_name(name)) {
    return Status::bad_argument;
  }
  return abi::proxy_set_property(name.data(), name.size(), value.data(), value.size());
}

}  // namespace wasmup
