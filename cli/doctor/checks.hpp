// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "finding.hpp"
#include "snapshot.hpp"

namespace wasmup::doctor {

// Each looks at one thing, and finds nothing where all is well.
void check_access(const Snapshot& seen, Findings& found);
void check_definitions(const Snapshot& seen, Findings& found);
void check_controller(const Snapshot& seen, Findings& found);
void check_wasm_cache(const Snapshot& seen, Findings& found);
void check_classes(const Snapshot& seen, Findings& found);
void check_gateways(const Snapshot& seen, Findings& found);
void check_routes(const Snapshot& seen, Findings& found);
void check_backends(const Snapshot& seen, Findings& found);
void check_targets(const Snapshot& seen, Findings& found);
void check_pull_secrets(const Snapshot& seen, Findings& found);
void check_marks(const Snapshot& seen, Findings& found);
void check_acceptance(const Snapshot& seen, Findings& found);
void check_proxies(const Snapshot& seen, Findings& found);
void check_traffic(const Snapshot& seen, Findings& found);

/// All of them, in the order of the way a request goes: what stands first is nearest to the cause. The same
/// finding about the same thing is there once.
Findings check(const Snapshot& seen);

/// Whether this controller of ours has the class.
bool is_ours(const Snapshot& seen, const std::string& gateway_class);

}  // namespace wasmup::doctor
