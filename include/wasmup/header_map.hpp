// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/result.hpp>

namespace wasmup {

/// Every value of one header, in the order they came. The views live as long as this object.
class HeaderValues {
 public:
  HeaderValues() = default;
  HeaderValues(PairList pairs, std::string_view name) : pairs_(std::move(pairs)) {
    for (const PairView pair : pairs_) {
      if (same_name(pair.name, name)) values_.push_back(pair.value);
    }
  }

  size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  std::string_view operator[](size_t index) const { return values_[index]; }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  static constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; }
  static constexpr bool same_name(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    for (size_t i = 0; i != left.size(); ++i) {
      if (lower(left[i]) != lower(right[i])) return false;
    }
    return true;
  }

  PairList pairs_;
  std::vector<std::string_view> values_;
};

/// One of the header maps, to read. Nothing is held here: every call is one hostcall on the map as it is now.
///
/// A stream's map can be used in its own callback, and in later ones only while its headers are still held
/// back; outside that the host answers `Status::bad_argument` (reading all pairs: an empty list). A name that
/// cannot be on the wire is refused with `Status::bad_argument` before the host is called.
template <abi::MapType map>
class HeaderView {
 public:
  /// The first value of a header; `Status::not_found` when there is none. proxy_get_header_map_value.
  Result<Bytes> get(HeaderName name) const {
    if (!name.valid()) return Status::bad_argument;
    return detail::receive([name](char** data, size_t* size) {
      return abi::proxy_get_header_map_value(map, name.text().data(), name.text().size(), data, size);
    });
  }

  /// Every value of a header, which may be none. proxy_get_header_map_pairs.
  Result<HeaderValues> get_all(HeaderName name) const {
    if (!name.valid()) return Status::bad_argument;
    Result<PairList> pairs = all();
    if (!pairs) return pairs.status();
    return HeaderValues(*std::move(pairs), name.text());
  }

  /// All headers in order; names in lower case. proxy_get_header_map_pairs.
  Result<PairList> all() const {
    Result<Bytes> bytes = detail::receive(
        [](char** data, size_t* size) { return abi::proxy_get_header_map_pairs(map, data, size); });
    if (!bytes) return bytes.status();
    return PairList::parse(*std::move(bytes));
  }
};

/// One of a stream's own header maps, to read and to change. A name or value that cannot be on the wire is
/// refused with `Status::bad_argument` before the host is called.
template <abi::MapType map>
class HeaderMap : public HeaderView<map> {
 public:
  /// Makes this the header's only value, whatever was there before. proxy_replace_header_map_value.
  Result<> set(HeaderName name, HeaderValue value) const {
    if (!name.valid() || !value.valid()) return Status::bad_argument;
    return abi::proxy_replace_header_map_value(map, name.text().data(), name.text().size(),
                                               value.text().data(), value.text().size());
  }

  /// Adds a value after those already there. proxy_add_header_map_value.
  Result<> add(RegularHeaderName name, HeaderValue value) const {
    if (!name.valid() || !value.valid()) return Status::bad_argument;
    return abi::proxy_add_header_map_value(map, name.text().data(), name.text().size(), value.text().data(),
                                           value.text().size());
  }

  /// Takes all values of a header away; there being none is no failure. proxy_remove_header_map_value.
  Result<> remove(RegularHeaderName name) const {
    if (!name.valid()) return Status::bad_argument;
    return abi::proxy_remove_header_map_value(map, name.text().data(), name.text().size());
  }

  /// Puts these in place of all headers there are, in one hostcall. Pseudo-headers count too: leave none out
  /// that was there, or Envoy has no request to route. More than 1024 headers or 1 MiB of them is
  /// `Status::bad_argument`; the host would take such a list for an empty one. proxy_set_header_map_pairs.
  Result<> replace_all(std::span<const PairView> headers) const {
    for (const PairView& header : headers) {
      if (!HeaderName(header.name).valid() || !HeaderValue(header.value).valid()) return Status::bad_argument;
    }
    Result<Bytes> pairs = detail::encode_pairs(headers, [](const PairView& header) { return header; });
    if (!pairs) return pairs.status();
    return abi::proxy_set_header_map_pairs(map, pairs->data(), pairs->size());
  }

  /// How many bytes names and values have together, as Envoy counts them. proxy_get_header_map_size.
  Result<size_t> byte_size() const {
    size_t bytes = 0;
    const Status status = abi::proxy_get_header_map_size(map, &bytes);
    if (status != Status::ok) return status;
    return bytes;
  }
};

using RequestHeaders = HeaderMap<abi::MapType::request_headers>;
using RequestTrailers = HeaderMap<abi::MapType::request_trailers>;
using ResponseHeaders = HeaderMap<abi::MapType::response_headers>;
using ResponseTrailers = HeaderMap<abi::MapType::response_trailers>;

/// What is left of a stream when it is logged: all of it can be read, nothing changed. (Request trailers are
/// never among it.)
struct AccessLog {
  HeaderView<abi::MapType::request_headers> request_headers;
  HeaderView<abi::MapType::response_headers> response_headers;
  HeaderView<abi::MapType::response_trailers> response_trailers;
};

}  // namespace wasmup
