;; SPDX-License-Identifier: MIT
;; Logs once from its root context when it is configured, and from each stream words an honest module would
;; not choose: with a newline, an escape and what looks like a line of Envoy's log. Refuses a configuration
;; that is not empty.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "configured")
  (data (i32.const 32) "one\0aerror\1fmain\1ftwo: \1b[2Jthree")

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))

  (func (export "proxy_on_configure") (param $root i32) (param $size i32) (result i32)
    (drop (call $log (i32.const 4) (i32.const 16) (i32.const 10)))
    (i32.eqz (local.get $size)))

  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $log (i32.const 2) (i32.const 32) (i32.const 29)))
    (i32.const 0)))
