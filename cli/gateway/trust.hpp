// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "../error.hpp"
#include "documents.hpp"

namespace wasmup::gateway {

/// Refuses objects with which a manifest gets beyond the gateway, as far as the user who runs it: a pod
/// bounds them in a cluster, and nothing here.
Expected<void> check_bounded(const std::vector<Json>& objects);

}  // namespace wasmup::gateway
