// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <wasmup/abi.hpp>

namespace wasmup::testing::simulation {

/// What may be missing when a hostcall failed, and is not the filter's fault then.
enum class Excuse : uint8_t {
  nothing = 0,
  held = 1,    ///< a message that is never let go: the call was the one that would have let it go
  length = 2,  ///< a content-length that does not fit: the call was the one that would have changed it
};

/// A hostcall, and the statuses with which Envoy can answer it instead of OK.
struct Failures {
  std::string_view hostcall;
  std::span<const uint32_t> statuses;  ///< of WASI's own numbers where it is one of WASI
  Excuse excuse = Excuse::nothing;
};

std::span<const Failures> all_failures();
/// Null for a hostcall that cannot fail.
const Failures* failures_of(std::string_view hostcall);

/// One hostcall of a run that is made to fail: the so many-th of those that an event brings about.
struct Fault {
  uint32_t event = 0;
  uint32_t nth = 0;  ///< from 1
  uint32_t status = 0;
  bool operator==(const Fault&) const = default;
};

/// What a run is named by, as it is printed: "1234", or with a hostcall that fails "1234/5.2/10".
struct RunName {
  uint64_t seed = 0;
  std::optional<Fault> fault = {};
  bool repeats = false;  ///< "1234/repeat": the events again and again, to see what memory they leave

  std::string text() const;
  /// Nothing when it is none.
  static std::optional<RunName> of(std::string_view text);
};

}  // namespace wasmup::testing::simulation
