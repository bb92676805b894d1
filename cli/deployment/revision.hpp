// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../kubernetes/policy.hpp"

namespace wasmup::deployment {

// A policy that was deployed carries what is needed to go back: its annotations hold the revisions before it,
// newest first, so that nothing else has to be kept anywhere.
inline constexpr const char* managed_by = "app.kubernetes.io/managed-by";  ///< label: "wasmup"
inline constexpr const char* revision_key = "wasmup/revision";             ///< annotation: "3"
inline constexpr const char* history_key = "wasmup/history";    ///< annotation: JSON, a list of revisions
inline constexpr const char* requests_key = "wasmup/requests";  ///< annotation: what traffic must be like

/// As many are kept, and no more bytes of them: all of an object's annotations may have 256 KiB.
inline constexpr size_t most_revisions = 5;
inline constexpr size_t most_history_bytes = 128UL * 1024;

struct Revision {
  int number = 0;
  kubernetes::Json spec = {};
  std::string requests = {};  ///< YAML, as `wasmup verify` reads it; may be empty
};

/// Whether `wasmup deploy` has made this policy.
bool is_ours(const kubernetes::Json& policy);

Revision current_revision(const kubernetes::Json& policy);

/// Those before the current one, newest first. What cannot be read is not among them.
std::vector<Revision> history_of(const kubernetes::Json& policy);

/// The policy to apply in place of `before`. The same once more is the same revision.
kubernetes::Json next_policy(const std::optional<kubernetes::Json>& before, const kubernetes::Name& name,
                             const kubernetes::Json& spec, const std::string& requests);

}  // namespace wasmup::deployment
