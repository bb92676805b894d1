// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/detail/contexts.hpp>
#include <wasmup/grammar.hpp>
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
      if (detail::same_name(pair.name, name)) values_.push_back(pair.value);
    }
  }

  size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  std::string_view operator[](size_t index) const WASMUP_DETAIL_LIFETIME_BOUND { return values_[index]; }
  auto begin() const WASMUP_DETAIL_LIFETIME_BOUND { return values_.begin(); }
  auto end() const WASMUP_DETAIL_LIFETIME_BOUND { return values_.end(); }

 private:
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
/// refused with `Status::bad_argument` before the host is called; so is one that would make another message
/// of this one:
///
///  * headers that say where a message ends or that concern one connection (content-length,
///    transfer-encoding, connection, keep-alive, proxy-connection, te, upgrade) can be removed, not written;
///  * of pseudo-headers a request has :method, :path, :authority, :scheme and :protocol, each by its own
///    grammar (`host` is another name of :authority), a response has :status, from 200 to 599, and trailers
///    have none;
///  * a response becomes a 204 or 304 only while it is known to have no body.
template <abi::MapType map>
class HeaderMap : public HeaderView<map> {
  static constexpr bool is_request = map == abi::MapType::request_headers;
  static constexpr bool is_trailers =
      map == abi::MapType::request_trailers || map == abi::MapType::response_trailers;

 public:
  /// Makes this the header's only value, whatever was there before. proxy_replace_header_map_value.
  Result<> set(SetHeaderName name, HeaderValue value) const {
    if (!name.valid() || !value.valid() || !may_be_set(name.part(), value.text()))
      return Status::bad_argument;
    return abi::proxy_replace_header_map_value(map, name.text().data(), name.text().size(),
                                               value.text().data(), value.text().size());
  }

  /// Adds a value after those already there. proxy_add_header_map_value.
  Result<> add(AddedHeaderName name, HeaderValue value) const {
    if (!name.valid() || !value.valid()) return Status::bad_argument;
    return abi::proxy_add_header_map_value(map, name.text().data(), name.text().size(), value.text().data(),
                                           value.text().size());
  }

  /// Takes all values of a header away; there being none is no failure. proxy_remove_header_map_value.
  Result<> remove(RegularHeaderName name) const {
    if (!name.valid() || (is_request && name.is_host())) return Status::bad_argument;
    return abi::proxy_remove_header_map_value(map, name.text().data(), name.text().size());
  }

  /// Puts these in place of all headers there are, in one hostcall. The pseudo-headers count too: a request
  /// keeps :method, :authority and, unless it is a CONNECT, :path, a response its :status. Headers that frame
  /// the message must be as they are, or left out. More than 1024 headers or 1 MiB of them is
  /// `Status::bad_argument`; the host would take such a list for an empty one. proxy_set_header_map_pairs.
  Result<> replace_all(std::span<const PairView> headers) const {
    uint32_t seen = 0;  // a bit for each pseudo-header
    bool is_connect = false;
    for (const PairView& header : headers) {
      const detail::Part part = detail::part_of(header.name);
      if (!HeaderValue(header.value).valid() || part == detail::Part::invalid) return Status::bad_argument;
      if (part == detail::Part::regular) continue;
      if (part == detail::Part::framing) {
        if (is_trailers || !is_as_it_was(header)) return Status::bad_argument;
        continue;
      }
      const uint32_t bit = 1U << static_cast<uint32_t>(part);
      if ((!may_be_set(part, header.value) && !is_as_it_was(header)) || (seen & bit) != 0) {
        return Status::bad_argument;
      }
      seen |= bit;
      if (part == detail::Part::method) is_connect = header.value == "CONNECT";
    }
    const auto lacks = [&seen](detail::Part part) { return (seen & 1U << static_cast<uint32_t>(part)) == 0; };
    if (is_request && (lacks(detail::Part::method) || lacks(detail::Part::authority) ||
                       (lacks(detail::Part::path) && !is_connect))) {
      return Status::bad_argument;
    }
    if (!is_request && !is_trailers && lacks(detail::Part::status)) return Status::bad_argument;
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

 private:
  static bool may_be_set(detail::Part part, std::string_view value) {
    if (part == detail::Part::regular) return true;
    if (is_trailers || !detail::may_be_set<is_request>(part, value)) return false;
    return part != detail::Part::status || (value != "204" && value != "304") ||
           (detail::acting.phase == detail::Phase::response_headers && detail::acting.ends_with_headers);
  }

  bool is_as_it_was(const PairView& header) const {
    const Result<Bytes> there = this->get(header.name);
    return there && *there == header.value;
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
