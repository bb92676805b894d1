// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>
#include <wasmup/wasi.hpp>

namespace wasmup {

/// The value of an environment variable of this VM; `Status::not_found` when there is none of that name.
///
/// A module sees nothing of Envoy's own environment but what its configuration names: `environment_variables`
/// in Envoy's VM configuration (`key_values` and `host_env_keys`), `env.hostKeys` in Envoy Gateway. They do
/// not change while the module runs, and each look reads all of them: do it in on_configure.
/// environ_sizes_get, environ_get (WASI).
inline Result<Bytes> environment_variable(std::string_view name) {
  size_t count = 0;
  size_t text_size = 0;
  if (wasi::environ_sizes_get(&count, &text_size) != wasi::Errno::success) return Status::internal_failure;
  if (count == 0) return Status::not_found;

  const Bytes memory = Bytes::allocate(count * sizeof(char*) + text_size);
  if (memory.empty()) return Status::internal_failure;
  auto* const entries = reinterpret_cast<char**>(const_cast<char*>(memory.data()));
  char* const text = reinterpret_cast<char*>(entries + count);
  if (wasi::environ_get(entries, text) != wasi::Errno::success) return Status::internal_failure;

  for (size_t i = 0; i != count; ++i) {
    std::string_view entry(entries[i]);
    if (!entry.starts_with(name) || entry.size() == name.size() || entry[name.size()] != '=') continue;
    entry.remove_prefix(name.size() + 1);
    Bytes value = Bytes::allocate(entry.size());
    if (value.size() != entry.size()) return Status::internal_failure;
    if (!entry.empty()) std::memcpy(value.data(), entry.data(), entry.size());
    return value;
  }
  return Status::not_found;
}

}  // namespace wasmup
