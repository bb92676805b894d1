// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../kubernetes/gateways.hpp"
#include "../kubernetes/policy.hpp"
#include "../terminal/terminal.hpp"
#include "../traffic/check.hpp"
#include "../traffic/requests_file.hpp"
#include "revision.hpp"

namespace wasmup::deployment {

/// What a rollout needs of the world: the cluster, the clock and the wire, and where it says what it does.
struct World {
  const kubernetes::Kubectl& kubectl;
  traffic::Means means;
  terminal::Terminal& terminal;
  std::function<void(const traffic::Report&)> show;  ///< of what came of requests
};

struct Rollout {
  kubernetes::Name policy;
  kubernetes::Name target;
  kubernetes::Json spec;
  std::string module = {};    ///< SHA-256 of the module's bytes; empty: not known
  std::string requests = {};  ///< what traffic must be like (YAML); empty: nobody says
  std::chrono::milliseconds wait{60'000};
  bool roll_back = false;  ///< to what was there before, if it comes to nothing
  bool take_over = false;  ///< fields that another manager has set
};

/// The policy as it is in the cluster; an error (refused) if it is there and not ours.
Expected<std::optional<kubernetes::Json>> find_ours(const kubernetes::Kubectl& kubectl,
                                                    const kubernetes::Name& policy);

/// The object that a policy is to be attached to; an error (refused) if there is none.
Expected<kubernetes::Json> find_target(const kubernetes::Kubectl& kubectl, const kubernetes::Name& target);

/// Waits until every ancestor has accepted the policy as it is now. Refused with the gateway's own reason, in
/// plain words too.
Expected<void> wait_for_acceptance(const World& world, const kubernetes::Name& policy,
                                   std::chrono::milliseconds limit);

/// Waits until every proxy of these Gateways has the policy's module with this SHA-256 in what it serves
/// with. Proxies that this user may not look into are mentioned, and not waited for.
Expected<void> wait_for_proxies(const World& world, const kubernetes::Name& policy,
                                const std::vector<kubernetes::Name>& gateways, const std::string& module,
                                std::chrono::milliseconds limit);

/// Sends the requests through one Gateway of the target, once or until they hold. What is asked for is where
/// the Gateway's address leads, or what kubectl leads to; its host is the target's, unless a request names
/// one.
Expected<traffic::Report> ask(const kubernetes::Kubectl& kubectl, const traffic::Means& means,
                              const kubernetes::Json& target, const kubernetes::Json& gateway,
                              const std::string& section, const traffic::RequestsFile& requests,
                              std::chrono::milliseconds within = std::chrono::milliseconds(0));

/// Sends the requests through every Gateway of the target until they hold, and says what came of them.
Expected<void> verify_traffic(const World& world, const kubernetes::Json& target, const std::string& requests,
                              std::chrono::milliseconds limit);

/// Applies, waits for the gateway and its proxies, verifies; rolls back if that was asked for. The revision
/// that is deployed then.
Expected<int> roll_out(const World& world, const Rollout& rollout);

/// The same requests, but of a place where the filter is not: none of the headers they expect.
std::string without_the_filter(const std::string& requests);

}  // namespace wasmup::deployment
