// SPDX-License-Identifier: MIT
#include <memory>

#include "cluster_flags.hpp"
#include "command.hpp"

namespace wasmup::commands {
namespace {

using kubernetes::Json;
using kubernetes::Name;

constexpr const char* examples =
    "Only what wasmup deploy has made is removed: its policy. The image stays in its\n"
    "registry, the route and the Gateway are not touched. If the policy says what\n"
    "was expected of traffic, the headers must be gone before this succeeds.\n"
    "\n"
    "Examples:\n"
    "  wasmup undeploy add-header -n apps\n"
    "      Remove it, and ask until its header is gone.\n"
    "  wasmup undeploy add-header --context staging --wait 10s\n"
    "      Of another cluster, with less patience.";

/// Every target that is still there, without the filter.
Expected<void> check_that_it_is_gone(const deployment::World& world, const Json& policy,
                                     std::chrono::milliseconds wait) {
  const std::string requests = deployment::without_the_filter(deployment::current_revision(policy).requests);
  if (requests.empty()) return {};
  for (const Name& target : kubernetes::targets_of(policy)) {
    const auto found = deployment::find_target(world.kubectl, target);
    if (!found) continue;  // with its target, all traffic is gone
    if (const auto gone = deployment::verify_traffic(world, *found, requests, wait); !gone) return gone;
  }
  return {};
}

Expected<void> undeploy(const DeployedFlags& flags, Environment& environment) {
  const auto found = find_deployed(flags, environment);
  if (!found) return std::unexpected(found.error());
  const std::string name = to_string(found->name);
  if (!found->policy) {
    environment.terminal.say("nothing", "there is no " + name);
    return {};
  }
  const kubernetes::Kubectl& kubectl = found->cluster.kubectl;
  environment.terminal.begin("removing", name);
  const auto removed = kubectl.remove(kubernetes::policies, found->name.space, found->name.name);
  if (!removed) return std::unexpected(removed.error());
  environment.terminal.done("removed", name);
  return check_that_it_is_gone(world_of(environment, kubectl), *found->policy, found->wait);
}

}  // namespace

void add_undeploy(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<DeployedFlags>();
  CLI::App& command =
      *program.add_subcommand("undeploy", "Remove what deploy has made, and check that it is gone");
  add_deployed_flags(command, *flags, "For the header to go");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return undeploy(*flags, environment); };
  });
}

}  // namespace wasmup::commands
