// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <wasmup/testing/headers.hpp>

/// The host's side of the pairs codec, written apart from the SDK's so that each tests the other.
namespace wasmup::testing {

/// Empty for no pairs: the host hands over nothing then, not a zero count.
std::string encode_pairs(const Headers& headers);

/// Every pair, or none at all when anything is off: too many, too large, a byte too few or too many.
Headers decode_pairs(std::string_view bytes);

}  // namespace wasmup::testing
