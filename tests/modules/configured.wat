;; SPDX-License-Identifier: MIT
;; Sets x-wasm-custom on responses to what its plugin configuration is. An old and a new configuration live
;; in one VM for a while, each with its own root context, so the value stands with the root and streams know
;; theirs.
(module
  (import "env" "proxy_get_buffer_bytes" (func $read (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  ;; Page 0: the name; 1 to 4: the root of each stream; 5 to 12: each root's value, as pointer and size; 13:
  ;; the values. Context ids count up; their lowest 16 bits are enough to tell those alive apart.
  (memory (export "memory") 14)
  (data (i32.const 16) "x-wasm-custom")
  (global $next (mut i32) (i32.const 0xd0000))

  (func (export "proxy_abi_version_0_2_1"))
  (func $malloc (export "malloc") (param $size i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get $size))))

  (func $root_of (param $context i32) (result i32)
    (i32.add (i32.const 0x10000) (i32.shl (i32.and (local.get $context) (i32.const 0xffff)) (i32.const 2))))
  (func $value_of (param $root i32) (result i32)
    (i32.add (i32.const 0x50000) (i32.shl (i32.and (local.get $root) (i32.const 0xffff)) (i32.const 3))))

  (func (export "proxy_on_context_create") (param $context i32) (param $parent i32)
    (i32.store (call $root_of (local.get $context)) (local.get $parent)))

  (func (export "proxy_on_configure") (param $root i32) (param $size i32) (result i32)
    ;; 7: the plugin configuration
    (i32.eqz (call $read (i32.const 7) (i32.const 0) (local.get $size) (call $value_of (local.get $root))
                         (i32.add (call $value_of (local.get $root)) (i32.const 4)))))

  (func (export "proxy_on_response_headers") (param $context i32) (param i32 i32) (result i32)
    (local $value i32)
    (local.set $value (call $value_of (i32.load (call $root_of (local.get $context)))))
    (drop (call $set (i32.const 2) (i32.const 16) (i32.const 13) (i32.load (local.get $value))
                     (i32.load offset=4 (local.get $value))))
    (i32.const 0)))
