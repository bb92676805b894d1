// SPDX-License-Identifier: MIT
#pragma once

#include "run.hpp"

namespace wasmup::testing::simulation {

/// Fills a report in with a failing run, and with what is left of it.
void write_report(SimulationReport& report, const SimulationOptions& options, const Plan& whole,
                  const Plan& small, const Outcome& outcome);

}  // namespace wasmup::testing::simulation
