// SPDX-License-Identifier: MIT
#include "cluster_flags.hpp"

#include "../policy/policy.hpp"
#include "verify_report.hpp"

namespace wasmup::commands {

void add_cluster_flags(CLI::App& command, ClusterFlags& flags) {
  command.add_option("--context", flags.context, "Of KUBECONFIG (default: the current one)")
      ->type_name("NAME");
  command.add_option("-n,--namespace", flags.space, "Of the policy (default: the context's)")
      ->type_name("NAME");
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

deployment::World world_of(Environment& environment, const kubernetes::Kubectl& kubectl) {
  return {
      .kubectl = kubectl,
      .means = {environment.send, environment.now, environment.pause, environment.interrupted},
      .terminal = environment.terminal,
      .show = [&environment](const traffic::Report& report) { print_report(environment.terminal, report); }};
}

}  // namespace wasmup::commands
