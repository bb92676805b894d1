// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "event.hpp"
#include "faults.hpp"
#include "vocabulary.hpp"

namespace wasmup::testing::simulation {

/// What a run plays: all that its name stands for.
struct Plan {
  RunName name;
  size_t buffer_limit = 0;
  bool knows_clusters = true;    ///< any that the filter asks for; else those of the options alone
  bool fails_at_random = false;  ///< hostcalls, besides the one that the name tells
  std::vector<Event> events;
};

/// Which protocols the filter has callbacks for.
struct Protocols {
  bool http = true;
  bool tcp = false;
};

/// Whether a seed is small enough to make each of its hostcalls fail in turn.
constexpr bool is_small(uint64_t seed) { return seed % 4 == 0; }

Plan plan_of(const RunName& name, const SimulationOptions& options, const Vocabulary& vocabulary,
             Protocols protocols);

}  // namespace wasmup::testing::simulation
