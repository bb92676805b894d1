// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "run.hpp"

namespace wasmup::testing::simulation {

/// How much time a single run may take: one that loops for ever has failed.
constexpr unsigned seconds_a_run = 10;

/// What several runs came to, in memory that a child shares with us.
struct Progress {
  char name[64] = {};  ///< the run that is being played, or the one that has failed
  size_t runs = 0;
  size_t streams = 0;
  size_t failed_hostcalls = 0;
  bool is_finished = false;  ///< the child came to its end, so that no run has ended it
  bool has_failed = false;
};

/// Does this in a child process, which a filter's crash ends alone. What it prints goes nowhere.
Progress in_child(const std::function<void(Progress&)>& work);

/// Plays a plan in a child process. Its crash, and a run that takes too long, are failures too.
/// With all the details, a crash is told with its report and with the trace up to it; without, it is quick.
enum class Details { all, none };
Outcome run_in_child(const Plan& plan, const SimulationOptions& options, const Invariant& invariant,
                     Details details, unsigned seconds = seconds_a_run);

/// Gives the run that begins in this process so much time.
void limit_time(unsigned seconds);

}  // namespace wasmup::testing::simulation
