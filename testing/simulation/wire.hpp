// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include <wasmup/testing/simulation.hpp>

namespace wasmup::testing::simulation {

/// What is wrong with what went over the wire: bytes that are no message of HTTP. A filter wrote them, for
/// client and upstream of a simulation say nothing of the kind.
std::vector<std::string> wire_faults(const SimulatedExchange& exchange, bool request_passed_whole,
                                     bool response_passed_whole, bool looks_at_length);

}  // namespace wasmup::testing::simulation
