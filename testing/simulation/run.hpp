// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <wasmup/testing/simulation.hpp>

#include "plan.hpp"
#include "watch.hpp"

namespace wasmup::testing::simulation {

/// What came of a run.
struct Outcome {
  std::vector<std::string> failures;
  std::vector<std::string> trace;
  std::vector<Watch::Made> made;  ///< hostcalls that can fail
  size_t streams = 0;
  size_t failed_hostcalls = 0;
  /// What the filter was seen to ask for, and has callbacks for.
  std::vector<std::string> headers_asked_for;
  Protocols protocols;
};

/// Plays a plan in this process. Failures of GoogleTest within it are the outcome's, not the test's. `trace`
/// gets each line at once.
Outcome run(const Plan& plan, const SimulationOptions& options, const Invariant& invariant,
            const std::function<void(const std::string&)>& trace = {});

}  // namespace wasmup::testing::simulation
