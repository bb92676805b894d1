;; SPDX-License-Identifier: MIT
;; Asks the host for more than a line in the log while that wants memory from it, for a request header.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_log_level" (func $get_log_level (param i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "allocating")
  (data (i32.const 32) ":path")

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32)
    (drop (call $log (i32.const 2) (i32.const 16) (i32.const 10)))
    (drop (call $get_log_level (i32.const 64)))
    (i32.const 4096))

  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $get (i32.const 0) (i32.const 32) (i32.const 5) (i32.const 72) (i32.const 76)))
    (i32.const 0)))
