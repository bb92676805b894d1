// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

/// Functions that a host offers by name, beyond the ABI. Another host need not have them.
namespace wasmup {

/// Calls one that answers. Envoy 1.40 has those below; `Status::not_found` for any other. What it has a
/// message for takes and gives serialised protobuf (source/extensions/common/wasm/ext in Envoy's repository).
///
///     compress, uncompress                    wasmup/foreign.hpp has them, and
///     clear_route_cache                       this one too
///     set_envoy_filter_state                  wasmup/filter_state.hpp has it, and
///     declare_property                        this one too
///     verify_signature                        VerifySignatureArguments -> VerifySignatureResult
///     sign                                    SignArguments -> SignResult; from Envoy 1.37 on
///     expr_create, expr_evaluate, expr_delete CEL: text -> four bytes, those -> the wire form of a property,
///                                             those -> nothing
///
/// proxy_call_foreign_function.
inline Result<Bytes> call_foreign_function(std::string_view name, std::string_view arguments) {
  char* data = nullptr;
  size_t size = 0;
  const Status status = abi::proxy_call_foreign_function(name.data(), name.size(), arguments.data(),
                                                         arguments.size(), &data, &size);
  Bytes results(data, size);  // even of a failure: what was handed over is ours to free
  if (status != Status::ok) return status;
  return results;
}

/// Calls one for its effect: results are not asked for, so none are allocated. proxy_call_foreign_function.
inline Result<> run_foreign_function(std::string_view name, std::string_view arguments) {
  return abi::proxy_call_foreign_function(name.data(), name.size(), arguments.data(), arguments.size(),
                                          nullptr, nullptr);
}

}  // namespace wasmup
