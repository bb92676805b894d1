// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// Looks on while a host plays, and may make hostcalls fail. The simulator is one.
class Observer {
 public:
  virtual ~Observer() = default;

  /// The host enters the VM for a context, and is back. No answer is a trap.
  virtual void entered(uint32_t context, std::string_view callback, std::span<const uint32_t> arguments) = 0;
  virtual void left(std::string_view callback, std::optional<uint32_t> answer) = 0;

  /// Whether Envoy has a cluster that the options do not name.
  virtual bool knows(std::string_view cluster) const = 0;
  /// The status with which a hostcall is to fail, without any effect; nothing lets it be made.
  virtual std::optional<Status> refuses(std::string_view hostcall) = 0;
  /// A hostcall begins, on this context. The words are its arguments, as in wasmup/abi.hpp.
  virtual void called(std::string_view hostcall, uint32_t context, std::span<const uint64_t> words) = 0;
  /// ... and has been answered.
  virtual void answered(const Hostcall& call, uint32_t context) = 0;
};

}  // namespace wasmup::testing
