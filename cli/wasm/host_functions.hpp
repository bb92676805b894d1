// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/signatures.hpp>

namespace wasmup::wasm {

/// The versions that Envoy knows, by the suffix of the marker export.
enum class AbiVersion { v0_1_0, v0_2_0, v0_2_1 };

inline constexpr std::string_view abi_marker_prefix = "proxy_abi_version_";

/// Of an export's name; nothing for any name but the three known markers.
std::optional<AbiVersion> abi_version_of(std::string_view export_name);

/// "0.2.1".
std::string_view to_string(AbiVersion);

/// The Envoys whose side of the boundary was measured, oldest first: "1.36.4".
std::vector<std::string_view> known_envoys();

/// The known Envoy that speaks for this version, "1.36" or any release of it; nothing for others.
std::optional<std::string_view> known_envoy(std::string_view version);

/// The one that this program is made for, and sets up.
std::string_view default_envoy();

/// Who a module meets.
struct Host {
  AbiVersion abi = AbiVersion::v0_2_1;       ///< that the module says it is made for
  std::string_view envoy = default_envoy();  ///< a known one
};

/// What Envoy offers the module as `module.name`; nothing if it offers no such function.
std::optional<abi::Signature> host_function(Host host, std::string_view module, std::string_view name);

/// The first Envoy after the host's that offers it; empty if there is none.
std::string_view offered_since(Host host, std::string_view module, std::string_view name);

/// What Envoy takes an export of this name for; nothing if the name means nothing to it.
std::optional<abi::Signature> callback(Host host, std::string_view name);

/// The function that `module.name` was perhaps meant to be; empty when none is like it.
std::string nearest_host_function(Host host, std::string_view module, std::string_view name);

}  // namespace wasmup::wasm
