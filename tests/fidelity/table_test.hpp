// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "cases.hpp"

namespace wasmup::fidelity {

/// One test for each case of the table, by its name.
class TableTest : public ::testing::TestWithParam<Case> {};

inline void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

inline std::vector<Case> every_case() {
  std::vector<Case> cases;
  for (const Group& group : all_cases()) cases.insert(cases.end(), group.cases.begin(), group.cases.end());
  return cases;
}

inline std::string name_of_case(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }

}  // namespace wasmup::fidelity
