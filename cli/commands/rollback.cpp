// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "cluster_flags.hpp"
#include "command.hpp"

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
  DeployedFlags deployed = {};
  std::optional<int> to = {};
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
  const auto found = find_deployed(flags.deployed, environment);
  if (!found) return std::unexpected(found.error());
  if (!found->policy) return std::unexpected(no_policy(found->name));
  const auto chosen = choose(*found->policy, flags.to);
  if (!chosen) return std::unexpected(chosen.error());
  const auto targets =
      kubernetes::targets_of({{"metadata", (*found->policy)["metadata"]}, {"spec", chosen->spec}});
  if (targets.empty()) return std::unexpected(no_policy(found->name));
  const auto revision =
      deployment::roll_out(world_of(environment, found->cluster.kubectl), {.policy = found->name,
                                                                           .target = targets.front(),
                                                                           .spec = chosen->spec,
                                                                           .requests = chosen->requests,
                                                                           .wait = found->wait});
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
  command.add_option("--to", flags->to, "That revision (default: the one before)")->option_text("NUMBER");
  add_deployed_flags(command, flags->deployed, "For the gateway, and again for traffic");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return roll_back(*flags, environment); };
  });
}

}  // namespace wasmup::commands
