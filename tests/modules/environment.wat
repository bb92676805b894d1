;; SPDX-License-Identifier: MIT
;; Says in x-wasm-custom on responses which variables it sees: the first one as NAME=VALUE, or "none".
(module
  (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-wasm-customnone")

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))

  (func $say (param $value i32) (param $size i32)
    (drop (call $set (i32.const 2) (i32.const 16) (i32.const 13) (local.get $value) (local.get $size))))

  ;; At 64 their number, at 68 their bytes, at 1024 where each begins, at 8192 they themselves.
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (drop (call $sizes (i32.const 64) (i32.const 68)))
    (drop (call $get (i32.const 1024) (i32.const 8192)))
    (if (i32.eqz (i32.load (i32.const 64)))
      (then (call $say (i32.const 29) (i32.const 4)))
      (else (call $say (i32.const 8192) (i32.sub (i32.load (i32.const 68)) (i32.const 1)))))
    (i32.const 0)))
