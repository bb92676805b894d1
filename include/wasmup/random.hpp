// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <wasmup/result.hpp>
#include <wasmup/wasi.hpp>

namespace wasmup {

/// Fills `bytes` with random ones, good enough for keys: Envoy takes them from BoringSSL. Any number will do;
/// each 64 KiB are a hostcall. `Status::internal_failure` when Envoy's configuration forbids the module
/// randomness. random_get (WASI).
inline Result<> random_bytes(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const size_t size = bytes.size() < wasi::max_random_bytes ? bytes.size() : wasi::max_random_bytes;
    if (wasi::random_get(bytes.data(), size) != wasi::Errno::success) return Status::internal_failure;
    bytes = bytes.subspan(size);
  }
  return {};
}

/// A random number, any that `Number` can hold as likely as any other: `random<uint64_t>()`. As
/// random_bytes().
template <std::integral Number>
inline Result<Number> random() {
  Number number{};
  if (wasi::random_get(&number, sizeof(number)) != wasi::Errno::success) return Status::internal_failure;
  return number;
}
template <>
Result<bool> random<bool>() = delete;  // not every byte is one

}  // namespace wasmup
