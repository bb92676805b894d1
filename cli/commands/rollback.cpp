// SPDX-License-Identifier: MIT
#include <algorithm>
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
    "A policy that wasmup deploy has made keeps the last 5 revisions in its\n"
    "annotation wasmup/history. Going back is a new revision, which is waited for\n"
    "and checked as a deployment is.\n"
    "\n"
    "Examples:\n"
    "  wasmup rollback add-header -n apps\n"
    "      What was deployed before the current revision.\n"
    "  wasmup rollback add-header --to 3\n"
    "      That revision; wasmup status lists them.";

struct RollbackFlags {
  std::string name = {};
  std::optional<int> to = {};
  std::string wait = "60s";
  ClusterFlags cluster = {};
};

Error no_policy(const Name& policy) {
  return {ExitCode::refused, "there is no " + to_string(policy), "", "wasmup status"};
}

Expected<deployment::Revision> choose(const Json& policy, const std::optional<int>& wanted) {
  const auto history = deployment::history_of(policy);
  const auto found =
      wanted ? std::ranges::find(history, *wanted, &deployment::Revision::number) : history.begin();
  if (found != history.end()) return *found;
  std::string kept;
  for (const deployment::Revision& one : history) kept += fmt::format(" {}", one.number);
  return std::unexpected(Error{ExitCode::refused,
                               wanted ? fmt::format("there is no revision {} to go back to", *wanted)
                                      : "there is nothing to go back to",
                               kept.empty() ? "no earlier revision is kept" : "kept are" + kept,
                               "wasmup status"});
}

Expected<void> roll_back(const RollbackFlags& flags, Environment& environment) {
  const auto wait = parse_wait(flags.wait);
  if (!wait) return std::unexpected(wait.error());
  const auto cluster = connect(flags.cluster, environment);
  if (!cluster) return std::unexpected(cluster.error());
  const Name policy{"EnvoyExtensionPolicy", cluster->space, flags.name};
  const auto found = deployment::find_ours(cluster->kubectl, policy);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::unexpected(no_policy(policy));
  const auto chosen = choose(**found, flags.to);
  if (!chosen) return std::unexpected(chosen.error());
  const auto targets = kubernetes::targets_of({{"metadata", (**found)["metadata"]}, {"spec", chosen->spec}});
  if (targets.empty()) return std::unexpected(no_policy(policy));
  const auto revision =
      deployment::roll_out(world_of(environment, cluster->kubectl), {.policy = policy,
                                                                     .target = targets.front(),
                                                                     .spec = chosen->spec,
                                                                     .requests = chosen->requests,
                                                                     .wait = *wait});
  if (!revision) return std::unexpected(revision.error());
  environment.terminal.say("deployed",
                           fmt::format("what was revision {}, as revision {}", chosen->number, *revision),
                           terminal::Style::good);
  return {};
}

}  // namespace

void add_rollback(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<RollbackFlags>();
  CLI::App& command = *program.add_subcommand("rollback", "Go back to what was deployed before");
  command.add_option("NAME", flags->name, "Of the policy")->required()->option_text(" ");
  command.add_option("--to", flags->to, "That revision (default: the one before)")->option_text("NUMBER");
  command.add_option("--wait", flags->wait, "For the gateway, and again for traffic (default: 60s)")
      ->option_text("TIME");
  add_cluster_flags(command, flags->cluster);
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return roll_back(*flags, environment); };
  });
}

}  // namespace wasmup::commands
