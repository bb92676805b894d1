// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <wasmup/bytes.hpp>
#include <wasmup/foreign_function.hpp>
#include <wasmup/result.hpp>

/// Envoy's foreign functions that take and give plain bytes.
namespace wasmup {

/// In zlib's format (RFC 1950, what HTTP calls "deflate"), at zlib's default level. Foreign function
/// `compress`.
inline Result<Bytes> compress(std::string_view bytes) { return call_foreign_function("compress", bytes); }

/// The way back; `Status::serialization_failure` when the bytes are damaged or of another format (gzip is).
/// Nothing limits what comes out: a few bytes can become gigabytes, so ask it only of what you trust. Foreign
/// function `uncompress`.
inline Result<Bytes> uncompress(std::string_view bytes) { return call_foreign_function("uncompress", bytes); }

/// Has the route chosen anew, by the request headers as they are then: in a request callback, after what the
/// choice depends on has changed. (Envoy does it by itself when a module of this ABI changes request headers;
/// it is needed for what else routes look at, such as filter state.) Foreign function `clear_route_cache`.
inline Result<> clear_route_cache() { return run_foreign_function("clear_route_cache", {}); }

}  // namespace wasmup
