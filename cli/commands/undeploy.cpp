// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>

#include "cluster_flags.hpp"
#include "command.hpp"
#include "deploy_plan.hpp"

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

struct UndeployFlags {
  std::string name = {};
  std::string wait = "60s";
  ClusterFlags cluster = {};
};

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

Expected<void> undeploy(const UndeployFlags& flags, Environment& environment) {
  const auto wait = parse_wait(flags.wait);
  if (!wait) return std::unexpected(wait.error());
  const auto cluster = connect(flags.cluster, environment);
  if (!cluster) return std::unexpected(cluster.error());
  const Name policy{"EnvoyExtensionPolicy", cluster->space, flags.name};
  const auto found = deployment::find_ours(cluster->kubectl, policy);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    environment.terminal.say("nothing", "there is no " + to_string(policy));
    return {};
  }
  environment.terminal.begin("removing", to_string(policy));
  const auto removed = cluster->kubectl.remove(kubernetes::policies, policy.space, policy.name);
  if (!removed) return std::unexpected(removed.error());
  environment.terminal.done("removed", to_string(policy));
  return check_that_it_is_gone(world_of(environment, cluster->kubectl), **found, *wait);
}

}  // namespace

void add_undeploy(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<UndeployFlags>();
  CLI::App& command =
      *program.add_subcommand("undeploy", "Remove what deploy has made, and check that it is gone");
  command.add_option("NAME", flags->name, "Of the policy")->required()->option_text(" ");
  command.add_option("--wait", flags->wait, "For the header to go (default: 60s)")->option_text("TIME");
  add_cluster_flags(command, flags->cluster);
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return undeploy(*flags, environment); };
  });
}

}  // namespace wasmup::commands
