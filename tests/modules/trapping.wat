;; SPDX-License-Identifier: MIT
;; Sets x-wasm-custom: FOO on responses, and traps when it meets a header x-trap: on the request, before the
;; upstream sees it, or on the response.
(module
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-wasm-customFOO")
  (data (i32.const 48) "x-trap")

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))

  (func $trap_on (param $map i32)
    ;; status 0: the header is there
    (if (i32.eqz (call $get (local.get $map) (i32.const 48) (i32.const 6) (i32.const 64) (i32.const 68)))
      (then unreachable)))

  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $trap_on (i32.const 0))
    (i32.const 0))

  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (drop (call $set (i32.const 2) (i32.const 16) (i32.const 13) (i32.const 29) (i32.const 3)))
    (call $trap_on (i32.const 2))
    (i32.const 0)))
