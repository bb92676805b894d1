;; SPDX-License-Identifier: MIT
;; Logs in its start section, which runs before the host knows of the module. AssemblyScript's top-level code is there.
(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello")
  (func $begin (drop (call $log (i32.const 2) (i32.const 8) (i32.const 5))))
  (func (export "malloc") (param i32) (result i32) (i32.const 64))
  (func (export "proxy_abi_version_0_2_1"))
  (start $begin))
