// SPDX-License-Identifier: MIT
#include "foreign_functions.hpp"

#include <utility>
#include <zlib.h>

#include "filter_state.hpp"
#include "implementation.hpp"
#include "protobuf.hpp"

namespace wasmup::testing {
namespace {

const Bytef* zlib_bytes(std::string_view bytes) { return reinterpret_cast<const Bytef*>(bytes.data()); }
Bytef* zlib_bytes(std::string& bytes) { return reinterpret_cast<Bytef*>(bytes.data()); }

ForeignResult compressed(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  if (compress(zlib_bytes(out), &size, zlib_bytes(bytes), bytes.size()) != Z_OK) {
    return {Status::serialization_failure};
  }
  out.resize(size);
  return {Status::ok, std::move(out)};
}

/// Envoy too starts with a guess and doubles it.
ForeignResult uncompressed(std::string_view bytes) {
  for (size_t guess = bytes.size() * 2 + 2;; guess *= 2) {
    std::string out(guess, '\0');
    uLongf size = guess;
    const int result = uncompress(zlib_bytes(out), &size, zlib_bytes(bytes), bytes.size());
    if (result == Z_OK) {
      out.resize(size);
      return {Status::ok, std::move(out)};
    }
    if (result != Z_BUF_ERROR) return {Status::serialization_failure};
  }
}

/// Envoy knows certain names and checks their values. Here every name of its own kind will do, with any
/// value.
ForeignResult set_envoy_filter_state(Host::Implementation& host, std::string_view arguments) {
  const auto message = decode_protobuf(arguments);
  if (!message) return {Status::bad_argument};
  const std::string name = message->text(1);
  const bool has_stream = host.current_stream() != nullptr || host.current_connection() != nullptr;
  if (!name.starts_with("envoy.") || !has_stream) return {Status::not_found};
  set_filter_state(host, name, name, message->text(2));
  return {};
}

/// Envoy takes it in a stream too, and then never looks at it.
ForeignResult declare(Host::Implementation& host, std::string_view arguments) {
  const auto message = decode_protobuf(arguments);
  if (!message || !declare_property(host, message->text(1), message->number(2) != 0)) {
    return {Status::bad_argument};
  }
  return {};
}

}  // namespace

void offer_foreign_functions(Host::Implementation& host) {
  host.foreign_functions["compress"] = compressed;
  host.foreign_functions["uncompress"] = uncompressed;
  host.foreign_functions["clear_route_cache"] = [&host](std::string_view) -> ForeignResult {
    if (host.current_stream() != nullptr) ++host.route_cache_clearings;
    return {};
  };
  host.foreign_functions["set_envoy_filter_state"] = [&host](std::string_view arguments) {
    return set_envoy_filter_state(host, arguments);
  };
  host.foreign_functions["declare_property"] = [&host](std::string_view arguments) {
    return declare(host, arguments);
  };
}

// ---- the public face

void Host::call_foreign(uint32_t function, std::string_view arguments) {
  Implementation& host = *implementation_;
  host.foreign_arguments = arguments;
  host.is_foreign_call = true;
  const uint32_t root = host.serving_root();
  const uint32_t words[] = {root, function, static_cast<uint32_t>(arguments.size())};
  host.call(root, "proxy_on_foreign_function", words, 0);
  host.is_foreign_call = false;
}

}  // namespace wasmup::testing
