// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::text {

/// Whether Kubernetes lets an object have this name: a subdomain of RFC 1123.
bool is_object_name(std::string_view text);
/// Whether it lets a namespace have this name: a label of RFC 1123.
bool is_label(std::string_view text);

inline constexpr const char* object_name_rule =
    "a name has small letters, digits, '-' and '.', and begins and ends with a letter or a digit";
inline constexpr const char* label_rule =
    "a name has small letters, digits and '-', 63 at most, and begins and ends with a letter or a digit";

}  // namespace wasmup::text
