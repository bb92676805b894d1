// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <wasmup/signatures.hpp>

namespace wasmup::wasm {

/// The versions that Envoy knows, by the suffix of the marker export.
enum class AbiVersion { v0_1_0, v0_2_0, v0_2_1 };

inline constexpr std::string_view abi_marker_prefix = "proxy_abi_version_";

/// Of an export's name; nothing for any name but the three known markers.
std::optional<AbiVersion> abi_version_of(std::string_view export_name);

/// What Envoy offers a module of this version as `module.name`; nothing if it offers no such function.
std::optional<abi::Signature> host_function(AbiVersion version, std::string_view module,
                                            std::string_view name);

/// What Envoy takes an export of this name for; nothing if the name means nothing to it.
std::optional<abi::Signature> callback(AbiVersion version, std::string_view name);

/// The function that `module.name` was perhaps meant to be; empty when none is like it.
std::string nearest_host_function(AbiVersion version, std::string_view module, std::string_view name);

}  // namespace wasmup::wasm
