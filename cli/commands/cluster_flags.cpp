// SPDX-License-Identifier: MIT
#include "cluster_flags.hpp"

#include <fmt/format.h>

#include "../policy/policy.hpp"
#include "../traffic/duration.hpp"
#include "name_checks.hpp"
#include "verify_report.hpp"

namespace wasmup::commands {

void add_cluster_flags(CLI::App& command, ClusterFlags& flags) {
  command.add_option("--context", flags.context, "Of KUBECONFIG (default: the current one)")
      ->type_name("NAME")
      ->check(context_check());
  command.add_option("-n,--namespace", flags.space, "Of the policy (default: the context's)")
      ->type_name("NAME")
      ->check(namespace_check());
}

Expected<kubernetes::Name> parse_target(const std::string& text) {
  const auto target = policy::parse_target(text);
  if (!target) return std::unexpected(target.error());
  if (!kubernetes::resource_of(target->kind).empty()) return kubernetes::Name{target->kind, "", target->name};
  return std::unexpected(Error{ExitCode::usage, "--target " + text + " cannot be looked at",
                               target->kind + " is none of Gateway, HTTPRoute, GRPCRoute, TCPRoute, TLSRoute",
                               "wasmup manifest --target " + text});
}

Expected<Cluster> connect(const ClusterFlags& flags, Environment& environment) {
  auto kubectl = kubernetes::Kubectl::find(environment.processes, flags.context);
  if (!kubectl) return std::unexpected(kubectl.error());
  if (const auto version = kubectl->server_version(); !version) return std::unexpected(version.error());
  if (flags.space) return Cluster{*std::move(kubectl), *flags.space};
  const auto space = kubectl->default_namespace();
  if (!space) return std::unexpected(space.error());
  return Cluster{*std::move(kubectl), *space};
}

void add_deployed_flags(CLI::App& command, DeployedFlags& flags, const std::string& wait_for) {
  command.add_option("NAME", flags.name, "Of the policy")
      ->required()
      ->option_text(" ")
      ->check(object_name_check());
  command.add_option("--wait", flags.wait, wait_for + " (default: 60s)")->option_text("TIME");
  add_cluster_flags(command, flags.cluster);
}

Expected<Deployed> find_deployed(const DeployedFlags& flags, Environment& environment) {
  const auto wait = parse_wait(flags.wait);
  if (!wait) return std::unexpected(wait.error());
  auto cluster = connect(flags.cluster, environment);
  if (!cluster) return std::unexpected(cluster.error());
  kubernetes::Name name{"EnvoyExtensionPolicy", cluster->space, flags.name};
  auto policy = deployment::find_ours(cluster->kubectl, name);
  if (!policy) return std::unexpected(policy.error());
  return Deployed{*std::move(cluster), std::move(name), *std::move(policy), *wait};
}

Expected<std::chrono::milliseconds> parse_wait(const std::string& text) {
  const auto time = traffic::parse_duration(text);
  if (time && time->count() > 0) return *time;
  return std::unexpected(Error{ExitCode::usage, fmt::format("--wait does not understand '{}'", text),
                               "a time is a number with a unit, more than 0 and at most a day",
                               "--wait 60s"});
}

deployment::World world_of(Environment& environment, const kubernetes::Kubectl& kubectl) {
  return {
      .kubectl = kubectl,
      .means = {environment.send, environment.now, environment.pause, environment.interrupted},
      .terminal = environment.terminal,
      .show = [&environment](const traffic::Report& report) { print_report(environment.terminal, report); }};
}

}  // namespace wasmup::commands
