// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace wasmup::deployment {

/// A gateway's own reason in plain words.
struct Explanation {
  std::string name;  ///< of the finding, as `wasmup doctor` and docs/doctor.md have it
  std::string what;
  std::string cure;
};

/// Of the message of a condition that does not hold. One that nobody knows is "policy-not-accepted".
Explanation explain(std::string_view message);

}  // namespace wasmup::deployment
