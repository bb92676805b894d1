// SPDX-License-Identifier: MIT
#pragma once

// What is marked with it belongs to the file it is compiled in. An inline function belongs to all files
// alike, so the compiler keeps it whole even where there is but one call of it; of a file's own it inlines
// those called once, and drops what no caller needs: up to a tenth of a module. Not for what has
// state: each file would have its own.
#if defined(__wasm__)
#define WASMUP_DETAIL_LOCAL __attribute__((internal_linkage))
#else
#define WASMUP_DETAIL_LOCAL
#endif
