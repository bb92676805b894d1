;; SPDX-License-Identifier: MIT
;; Sets x-wasm-custom: FOO on responses, and keeps 256 bytes of every request for ever: what the check for
;; memory growth must find.
(module
  (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-wasm-customFOO")
  (global $next (mut i32) (i32.const 1024))

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 512))

  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (if (i32.gt_u (i32.add (global.get $next) (i32.const 256)) (i32.mul (memory.size) (i32.const 65536)))
      (then (drop (memory.grow (i32.const 1)))))
    (i32.store (global.get $next) (i32.const -1))
    (global.set $next (i32.add (global.get $next) (i32.const 256)))
    (drop (call $set (i32.const 2) (i32.const 16) (i32.const 13) (i32.const 29) (i32.const 3)))
    (i32.const 0)))
