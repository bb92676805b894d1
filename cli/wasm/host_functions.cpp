// SPDX-License-Identifier: MIT
#include "host_functions.hpp"

#include <algorithm>
#include <span>
#include <tuple>
#include <vector>

#include "../text/suggestion.hpp"
#include "envoys/measured.hpp"

namespace wasmup::wasm {
namespace {

/// Whether `words`, with a blank between them, has this one.
bool has_word(std::string_view words, std::string_view word) {
  for (size_t start = 0; start <= words.size();) {
    const size_t end = std::min(words.find(' ', start), words.size());
    if (words.substr(start, end - start) == word) return true;
    start = end + 1;
  }
  return false;
}

bool holds(const MeasuredFunction& function, Host host) {
  return has_word(function.envoys, host.envoy) && has_word(function.abis, to_string(host.abi));
}

/// Of this kind and name, whatever the host.
std::span<const MeasuredFunction> named(std::string_view kind, std::string_view module,
                                        std::string_view name) {
  const auto found = std::ranges::equal_range(
      measured_functions(), std::tie(kind, module, name), {}, [](const MeasuredFunction& function) {
        return std::tie(function.kind, function.module, function.name);
      });
  return {found.begin(), found.end()};
}

std::optional<abi::Signature> find(Host host, std::string_view kind, std::string_view module,
                                   std::string_view name) {
  for (const MeasuredFunction& function : named(kind, module, name)) {
    if (holds(function, host)) return abi::Signature{function.name, function.parameters, function.result};
  }
  return std::nullopt;
}

/// "1.36" of "1.36.4".
std::string_view minor(std::string_view version) {
  const size_t first = version.find('.');
  return first == version.npos ? version : version.substr(0, version.find('.', first + 1));
}

}  // namespace

std::optional<AbiVersion> abi_version_of(std::string_view export_name) {
  if (export_name == "proxy_abi_version_0_1_0") return AbiVersion::v0_1_0;
  if (export_name == "proxy_abi_version_0_2_0") return AbiVersion::v0_2_0;
  if (export_name == "proxy_abi_version_0_2_1") return AbiVersion::v0_2_1;
  return std::nullopt;
}

std::string_view to_string(AbiVersion version) {
  switch (version) {
    case AbiVersion::v0_1_0:
      return "0.1.0";
    case AbiVersion::v0_2_0:
      return "0.2.0";
    case AbiVersion::v0_2_1:
      break;
  }
  return "0.2.1";
}

std::vector<std::string_view> known_envoys() {
  // Every Envoy has had this one.
  const std::string_view all = named("import", "env", "proxy_log").front().envoys;
  std::vector<std::string_view> versions;
  for (size_t start = 0; start < all.size();) {
    const size_t end = std::min(all.find(' ', start), all.size());
    versions.push_back(all.substr(start, end - start));
    start = end + 1;
  }
  return versions;
}

std::optional<std::string_view> known_envoy(std::string_view version) {
  for (const std::string_view known : known_envoys()) {
    if (minor(known) == minor(version)) return known;
  }
  return std::nullopt;
}

std::string_view default_envoy() {
  static const std::string_view version = known_envoy(WASMUP_ENVOY_VERSION).value_or(known_envoys().back());
  return version;
}

std::optional<abi::Signature> host_function(Host host, std::string_view module, std::string_view name) {
  return find(host, "import", module, name);
}

std::string_view offered_since(Host host, std::string_view module, std::string_view name) {
  bool is_later = false;
  for (const std::string_view envoy : known_envoys()) {
    if (is_later && host_function({host.abi, envoy}, module, name)) return envoy;
    is_later = is_later || envoy == host.envoy;
  }
  return {};
}

std::optional<abi::Signature> callback(Host host, std::string_view name) {
  return find(host, "export", "", name);
}

std::string nearest_host_function(Host host, std::string_view module, std::string_view name) {
  std::vector<std::string> names;
  for (const MeasuredFunction& function : measured_functions()) {
    if (function.kind == "import" && function.module == module && holds(function, host)) {
      names.emplace_back(function.name);
    }
  }
  return text::nearest(name, names);
}

}  // namespace wasmup::wasm
