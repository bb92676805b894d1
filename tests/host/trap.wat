;; Traps on the headers of every request that has a body to follow.
(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) i32.const 1024)
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    local.get 2
    i32.eqz
    if unreachable end
    i32.const 0))
