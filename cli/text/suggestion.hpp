// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wasmup::text {

/// The candidate that `word` was perhaps meant to be; empty when none is near enough to be of help.
std::string nearest(std::string_view word, std::span<const std::string> candidates);
/// The same, where at most so many letters are wrong, missing or too many.
std::string nearest(std::string_view word, std::span<const std::string> candidates, size_t most_letters);

}  // namespace wasmup::text
