// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/testing/headers.hpp>

#include "local_reply.hpp"

/// What Envoy's header maps make of the names they know. Most of the standard ones have a single value there:
/// another one that comes or is added is joined to it with a comma. "host" is `:authority`.
namespace wasmup::testing::header_map {

/// The name under which a map has it.
std::string name_in(abi::MapType map, std::string_view name);

void add(abi::MapType map, Headers& headers, std::string_view name, std::string_view value);
/// A whole list of pairs, as it is kept.
Headers kept(abi::MapType map, const Headers& pairs);

/// What Envoy answers instead of passing a request on: there is no route without a path, no upstream without
/// a method, or for a name that is no token or a value with control characters.
std::optional<LocalReply> refusal_of_request(const Headers& headers);
/// The same of a call-out, whose path can be anything.
std::optional<LocalReply> refusal_of_call(const Headers& headers);
/// What the client gets instead of a response without a status.
std::optional<LocalReply> refusal_of_response(const Headers& headers);

/// A response's headers as they leave Envoy: without those of one connection. (An upgrade keeps them.)
Headers sent_response(Headers headers, bool is_upgrade);

}  // namespace wasmup::testing::header_map
