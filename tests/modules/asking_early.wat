;; SPDX-License-Identifier: MIT
;; Asks the host for more than a line in the log while it starts.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_log_level" (func $get_log_level (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "starting")

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))

  (func (export "_initialize")
    (drop (call $log (i32.const 2) (i32.const 16) (i32.const 8)))
    (drop (call $get_log_level (i32.const 64)))))
