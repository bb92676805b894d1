#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# build.sh RUSTC CARGO LINKER MODULE: the filter of the Rust SDK. What is fetched, checked against Cargo.lock, and what is
# made stay in MODULE.build.
set -euo pipefail
source=$(cd -- "$(dirname -- "$0")" && pwd)
export RUSTC=$1 CARGO_TARGET_WASM32_WASI_LINKER=$3
cargo=$2 module=$4 work=$4.build target=wasm32-wasi
mkdir -p "$work"
cd "$work"
export CARGO_HOME=$work/cargo

# Before 1.68 cargo took the index of crates for a git repository, unless it was allowed the files of today's. That is
# allowed for the fetching alone: it would turn on more in the compiler.
RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_SPARSE_REGISTRY=true \
  "$cargo" vendor --quiet --locked --manifest-path "$source/Cargo.toml" vendor >/dev/null
"$cargo" build --quiet --offline --locked --release --manifest-path "$source/Cargo.toml" --target "$target" \
  --target-dir . --config 'source.crates-io.replace-with="vendor"' --config 'source.vendor.directory="vendor"'
cp "$target/release/filter.wasm" "$module"
