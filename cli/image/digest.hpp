// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::image {

/// SHA-256 as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The same as registries write it: "sha256:" and the digits.
std::string digest_of(std::string_view bytes);

/// The digits of such a digest; empty when it is none, so that nothing else becomes a file's name.
std::string hex_of(std::string_view digest);

}  // namespace wasmup::image
