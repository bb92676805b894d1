// SPDX-License-Identifier: MIT
#include "host_functions.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "../text/suggestion.hpp"

namespace wasmup::wasm {
namespace {

using abi::Signature;

// wasmup/signatures.hpp has what a filter of ours uses. Modules made with other SDKs may need more, and Envoy
// offers it.

constexpr Signature hostcalls_0_1_0[] = {
    {"proxy_get_configuration", "ii", "i"},
    {"proxy_continue_request", "", "i"},
    {"proxy_continue_response", "", "i"},
    {"proxy_clear_route_cache", "", "i"},
};

constexpr Signature callbacks_0_1_0[] = {
    {"proxy_on_request_headers", "ii", "i"},
    {"proxy_on_response_headers", "ii", "i"},
};

/// Stubs for the runtimes of other languages. fd_tell is i32 throughout, whatever WASI says.
constexpr Signature more_wasi[] = {
    {"clock_res_get", "ii", "i"},
    {"fd_advise", "iIIi", "i"},
    {"fd_allocate", "iII", "i"},
    {"fd_datasync", "i", "i"},
    {"fd_fdstat_set_rights", "iII", "i"},
    {"fd_filestat_get", "ii", "i"},
    {"fd_filestat_set_size", "iI", "i"},
    {"fd_filestat_set_times", "iIIi", "i"},
    {"fd_pread", "iiiIi", "i"},
    {"fd_pwrite", "iiiIi", "i"},
    {"fd_readdir", "iiiIi", "i"},
    {"fd_renumber", "ii", "i"},
    {"fd_sync", "i", "i"},
    {"fd_tell", "ii", "i"},
    {"path_create_directory", "iii", "i"},
    {"path_filestat_set_times", "iiiiIIi", "i"},
    {"path_link", "iiiiii", "i"},
    {"path_readlink", "iiiiii", "i"},
    {"path_remove_directory", "iii", "i"},
    {"path_rename", "iiiiii", "i"},
    {"path_symlink", "iiii", "i"},
    {"path_unlink_file", "iii", "i"},
    {"sock_accept", "iii", "i"},
    {"sock_recv", "iiiiii", "i"},
    {"sock_send", "iiiii", "i"},
    {"sock_shutdown", "ii", "i"},
};

using Tables = std::vector<std::span<const Signature>>;

/// In order: an earlier table overrules a later one.
Tables host_tables(AbiVersion version, std::string_view module) {
  if (module == "wasi_snapshot_preview1" || module == "wasi_unstable") return {abi::wasi, more_wasi};
  if (module != "env") return {};
  if (version == AbiVersion::v0_1_0) return {hostcalls_0_1_0, abi::hostcalls};
  return {abi::hostcalls};
}

bool is_offered(AbiVersion version, std::string_view name) {
  if (name == "proxy_get_log_level") return version == AbiVersion::v0_2_1;
  if (name == "proxy_continue_stream" || name == "proxy_close_stream") return version != AbiVersion::v0_1_0;
  return true;
}

std::optional<Signature> find(const Tables& tables, std::string_view name) {
  for (const std::span<const Signature> table : tables) {
    const auto found = std::ranges::find(table, name, &Signature::name);
    if (found != table.end()) return *found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<AbiVersion> abi_version_of(std::string_view export_name) {
  if (export_name == "proxy_abi_version_0_1_0") return AbiVersion::v0_1_0;
  if (export_name == "proxy_abi_version_0_2_0") return AbiVersion::v0_2_0;
  if (export_name == "proxy_abi_version_0_2_1") return AbiVersion::v0_2_1;
  return std::nullopt;
}

std::optional<Signature> host_function(AbiVersion version, std::string_view module, std::string_view name) {
  if (!is_offered(version, name)) return std::nullopt;
  return find(host_tables(version, module), name);
}

std::optional<Signature> callback(AbiVersion version, std::string_view name) {
  if (version != AbiVersion::v0_1_0) return find({abi::callbacks}, name);
  if (name == "proxy_on_foreign_function") return std::nullopt;
  return find({callbacks_0_1_0, abi::callbacks}, name);
}

std::string nearest_host_function(AbiVersion version, std::string_view module, std::string_view name) {
  std::vector<std::string> names;
  for (const std::span<const Signature> table : host_tables(version, module)) {
    for (const Signature& signature : table) {
      if (is_offered(version, signature.name)) names.emplace_back(signature.name);
    }
  }
  return text::nearest(name, names);
}

}  // namespace wasmup::wasm
