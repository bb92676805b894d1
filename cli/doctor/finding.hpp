// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "../kubernetes/kubectl.hpp"

namespace wasmup::doctor {

/// A change that cures a finding and harms nothing that works.
struct Fix {
  std::string what;  ///< in a sentence, for whoever is asked
  std::function<Expected<void>(const kubernetes::Kubectl&)> apply;
};

/// Something that is not as it should be. Its name is stable: docs/doctor.md has each of them.
struct Finding {
  std::string name;
  std::string what;
  std::string evidence;
  std::string cure;
  std::vector<Fix> fixes = {};  ///< in this order; none: people decide
};

using Findings = std::vector<Finding>;

}  // namespace wasmup::doctor
