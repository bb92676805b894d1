// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// The few functions of WASI that say something in Envoy. A module imports those it uses and no other.
///
/// Filters have nicer names for them: monotonic_now(), random_bytes(), environment_variable().
namespace wasmup::wasi {

/// What a WASI function says of itself.
enum class Errno : uint32_t { success = 0, fault = 21, invalid = 28, not_supported = 58, not_capable = 76 };

/// Envoy has these two; any other is `Errno::not_supported`.
enum class Clock : uint32_t { realtime = 0, monotonic = 1 };

/// Envoy refuses to give more random bytes at once, with `Errno::invalid`.
inline constexpr size_t max_random_bytes = 65536;

#if defined(__wasm__)
#define WASMUP_DETAIL_WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
#else
#define WASMUP_DETAIL_WASI(name)
#endif

/// Nanoseconds; Envoy does not look at `precision`.
WASMUP_DETAIL_WASI(clock_time_get) Errno clock_time_get(Clock clock, int64_t precision, uint64_t* time);
WASMUP_DETAIL_WASI(random_get) Errno random_get(void* buffer, size_t size);
/// How many variables there are, and the size of all their texts ("NAME=value" and a NUL each).
WASMUP_DETAIL_WASI(environ_sizes_get) Errno environ_sizes_get(size_t* count, size_t* text_size);
/// Fills both arrays: where each text begins, and the texts.
WASMUP_DETAIL_WASI(environ_get) Errno environ_get(char** entries, char* text);

#undef WASMUP_DETAIL_WASI

}  // namespace wasmup::wasi
