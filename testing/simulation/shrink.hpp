// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "plan.hpp"

namespace wasmup::testing::simulation {

/// Takes events away from a plan, bytes and headers from its messages, and what is special about it besides,
/// as long as it still fails. Asks `fails` only so often, and not when `is_late` says so.
Plan shrink(Plan plan, size_t usual_limit, const std::function<bool(const Plan&)>& fails,
            const std::function<bool()>& is_late);

}  // namespace wasmup::testing::simulation
