// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>

#include "../kubernetes/proxy.hpp"
#include "../text/json_text.hpp"
#include "../text/secrets.hpp"
#include "cluster_flags.hpp"
#include "command.hpp"

namespace wasmup::commands {
namespace {

using kubernetes::Json;
using kubernetes::Name;

constexpr const char* examples =
    "What a proxy runs is read from its Envoy: the configuration it has, and its\n"
    "counters for Wasm, through kubectl port-forward.\n"
    "\n"
    "Examples:\n"
    "  wasmup status -n apps\n"
    "      The policies of a namespace that hold modules, and what proxies run.\n"
    "  wasmup status -A --json | jq '.policies[] | select(.accepted | not)'\n"
    "      Those of the whole cluster that some gateway has not accepted.";

struct StatusFlags {
  bool everywhere = false;
  bool json = false;
  ClusterFlags cluster = {};
};

struct Shown {
  std::vector<Json> policies;
  std::vector<std::pair<Name, kubernetes::Proxy>> proxies;  ///< with their Gateway
};

/// The Gateways that these policies work in.
std::vector<Name> gateways_for(const std::vector<Json>& policies, const kubernetes::Kubectl& kubectl) {
  std::vector<Name> gateways;
  for (const Json& policy : policies) {
    for (const Name& target : kubernetes::targets_of(policy)) {
      const auto found = deployment::find_target(kubectl, target);
      if (!found) continue;
      for (Name gateway : kubernetes::gateways_of(*found)) {
        gateway.section.clear();
        if (std::ranges::find(gateways, gateway) == gateways.end()) gateways.push_back(gateway);
      }
    }
  }
  return gateways;
}

Expected<Shown> look(const StatusFlags& flags, Environment& environment) {
  const auto cluster = connect(flags.cluster, environment);
  if (!cluster) return std::unexpected(cluster.error());
  auto policies = cluster->kubectl.list(kubernetes::policies, flags.everywhere ? "" : cluster->space);
  if (!policies) return std::unexpected(policies.error());
  Shown shown;
  for (Json& policy : *policies) {
    if (!kubernetes::modules_of(policy).empty()) shown.policies.push_back(std::move(policy));
  }
  for (const Name& gateway : gateways_for(shown.policies, cluster->kubectl)) {
    auto proxies = kubernetes::proxies_of(cluster->kubectl, gateway, environment.send);
    if (!proxies) return std::unexpected(proxies.error());
    for (kubernetes::Proxy& proxy : *proxies) shown.proxies.emplace_back(gateway, std::move(proxy));
  }
  return shown;
}

Json to_json(const Json& policy) {
  const kubernetes::Acceptance acceptance = kubernetes::acceptance_of(policy);
  Json targets = Json::array();
  for (const Name& target : kubernetes::targets_of(policy)) targets.push_back(to_string(target));
  Json modules = Json::array();
  for (const kubernetes::Module& one : kubernetes::modules_of(policy)) {
    modules.push_back({{"name", one.name},
                       {"url", text::masked(one.url)},
                       {"sha256", one.digest},
                       {"fail_open", one.fail_open}});
  }
  Json conditions = Json::array();
  for (const kubernetes::Ancestor& ancestor : kubernetes::ancestors_of(policy)) {
    for (const kubernetes::Condition& one : ancestor.conditions) {
      conditions.push_back({{"ancestor", to_string(ancestor.name)},
                            {"type", one.type},
                            {"status", one.holds},
                            {"reason", one.reason},
                            {"message", one.message}});
    }
  }
  Json earlier = Json::array();
  for (const deployment::Revision& one : deployment::history_of(policy)) earlier.push_back(one.number);
  const Name name = kubernetes::name_of(policy);
  return {{"namespace", name.space},
          {"name", name.name},
          {"ours", deployment::is_ours(policy)},
          {"revision", deployment::current_revision(policy).number},
          {"earlier_revisions", earlier},
          {"targets", targets},
          {"modules", modules},
          {"accepted", acceptance.verdict == kubernetes::Verdict::accepted},
          {"reason", acceptance.reason},
          {"conditions", conditions}};
}

Json to_json(const Name& gateway, const kubernetes::Proxy& proxy) {
  Json modules = Json::array();
  for (const kubernetes::RunningModule& one : proxy.modules) {
    modules.push_back({{"policy", one.policy},
                       {"name", one.name},
                       {"root_id", one.root_id},
                       {"sha256", one.sha256},
                       {"fail_open", one.fail_open}});
  }
  return {{"gateway", to_string(gateway)},
          {"pod", proxy.pod.space + "/" + proxy.pod.name},
          {"ready", proxy.is_ready},
          {"problem", proxy.problem},
          {"modules", modules},
          {"counters", proxy.counters}};
}

void print_policy(const Json& policy, terminal::Terminal& terminal) {
  const kubernetes::Acceptance acceptance = kubernetes::acceptance_of(policy);
  const bool accepted = acceptance.verdict == kubernetes::Verdict::accepted;
  std::vector<std::string> lines{to_string(kubernetes::name_of(policy))};
  for (const Name& target : kubernetes::targets_of(policy)) lines.push_back("for " + to_string(target));
  for (const kubernetes::Module& one : kubernetes::modules_of(policy)) {
    lines.push_back(
        fmt::format("{}{}{}", one.url, one.digest.empty() ? ", not pinned" : "@sha256:", one.digest));
  }
  if (deployment::is_ours(policy)) {
    lines.push_back(fmt::format("revision {}", deployment::current_revision(policy).number));
    std::vector<int> earlier;
    for (const deployment::Revision& one : deployment::history_of(policy)) earlier.push_back(one.number);
    if (!earlier.empty()) lines.back() += fmt::format(", and before it {}", fmt::join(earlier, ", "));
  }
  lines.push_back(accepted ? "accepted by every gateway" : "not accepted: " + acceptance.reason);
  terminal.say("policy", lines, accepted ? terminal::Style::good : terminal::Style::bad);
}

void print_proxy(const Name& gateway, const kubernetes::Proxy& proxy, terminal::Terminal& terminal) {
  std::vector<std::string> lines{
      fmt::format("{}/{} of {}", proxy.pod.space, proxy.pod.name, to_string(gateway))};
  if (!proxy.problem.empty()) lines.push_back(proxy.problem);
  for (const kubernetes::RunningModule& one : proxy.modules) {
    lines.push_back(fmt::format("runs {} of {}, root id '{}', module {}", one.name,
                                one.policy.empty() ? "no policy" : one.policy, one.root_id, one.sha256));
  }
  if (proxy.problem.empty() && proxy.modules.empty()) lines.emplace_back("runs no module");
  for (const auto& [name, value] : proxy.counters) {
    if (value != 0) lines.push_back(fmt::format("{} {}", name, value));
  }
  terminal.say("proxy", lines, proxy.problem.empty() ? terminal::Style::plain : terminal::Style::bad);
}

Expected<void> show_status(const StatusFlags& flags, Environment& environment) {
  terminal::Terminal& terminal = environment.terminal;
  const auto shown = look(flags, environment);
  if (!shown) return std::unexpected(shown.error());
  if (flags.json) {
    Json report{{"policies", Json::array()}, {"proxies", Json::array()}};
    for (const Json& policy : shown->policies) report["policies"].push_back(to_json(policy));
    for (const auto& [gateway, proxy] : shown->proxies) report["proxies"].push_back(to_json(gateway, proxy));
    terminal.print(text::json_text(report));
    return {};
  }
  if (shown->policies.empty()) terminal.say("nothing", "no policy here holds a module");
  for (const Json& policy : shown->policies) print_policy(policy, terminal);
  for (const auto& [gateway, proxy] : shown->proxies) print_proxy(gateway, proxy, terminal);
  return {};
}

}  // namespace

void add_status(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<StatusFlags>();
  CLI::App& command = *program.add_subcommand("status", "Show what is deployed, and what each proxy runs");
  command.add_flag("-A,--all-namespaces", flags->everywhere, "Policies of every namespace");
  command.add_flag("--json", flags->json, "Print it as JSON");
  add_cluster_flags(command, flags->cluster);
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return show_status(*flags, environment); };
  });
}

}  // namespace wasmup::commands
