// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "../doctor/checks.hpp"
#include "../text/json_text.hpp"
#include "../text/secrets.hpp"
#include "../text/visible.hpp"
#include "cluster_flags.hpp"
#include "command.hpp"
#include "doctor_local.hpp"

namespace wasmup::commands {
namespace {

using doctor::Findings;
using kubernetes::Json;

constexpr const char* examples =
    "Each finding has a name, which docs/doctor.md explains. Without a KUBECONFIG\n"
    "and without --context, only this machine is looked at.\n"
    "\n"
    "Exit codes: 0 nothing was found, or all of it is cured; 1 there are findings.\n"
    "\n"
    "Examples:\n"
    "  wasmup doctor\n"
    "      This machine, and everything in the cluster that a filter needs.\n"
    "  wasmup doctor --target HTTPRoute/backend -n apps --fix\n"
    "      What works at this route; cures are shown, and asked about.\n"
    "  wasmup doctor --json | jq -r '.findings[].name'\n"
    "      The findings' names alone.";

struct DoctorFlags {
  bool fix = false;
  bool yes = false;
  bool json = false;
  bool local = false;
  std::optional<std::string> target = {};
  ClusterFlags cluster = {};
};

bool has_cluster(const DoctorFlags& flags, const Environment& environment) {
  if (flags.local) return false;
  if (flags.cluster.context || environment.variable("KUBECONFIG")) return true;
  if (environment.variable("KUBERNETES_SERVICE_HOST")) return true;  // inside a pod
  const auto home = environment.variable("HOME");
  std::error_code error;
  return home && std::filesystem::exists(std::filesystem::path(*home) / ".kube" / "config", error);
}

/// All findings of one look.
Expected<Findings> look(const DoctorFlags& flags, const kubernetes::Kubectl* kubectl,
                        Environment& environment) {
  Findings found = check_this_machine(environment);
  if (kubectl == nullptr) return found;
  std::optional<kubernetes::Name> target;
  if (flags.target) {
    auto parsed = parse_target(*flags.target);
    if (!parsed) return std::unexpected(parsed.error());
    target = *std::move(parsed);
  }
  const traffic::Means means{environment.send, environment.now, environment.pause, environment.interrupted};
  const doctor::Snapshot seen = doctor::gather(
      {.kubectl = *kubectl, .means = means, .space = flags.cluster.space.value_or(""), .target = target});
  if (environment.interrupted()) {
    return std::unexpected(Error{ExitCode::interrupted, "the examination did not come to its end", "", ""});
  }
  for (doctor::Finding& one : doctor::check(seen)) found.push_back(std::move(one));
  return found;
}

Json to_json(const Findings& findings, const std::vector<std::string>& applied) {
  Json all = Json::array();
  for (const doctor::Finding& one : findings) {
    Json fixes = Json::array();
    for (const doctor::Fix& fix : one.fixes) fixes.push_back(fix.what);
    all.push_back({{"name", one.name},
                   {"what", one.what},
                   {"evidence", text::masked(one.evidence)},
                   {"cure", one.cure},
                   {"fixes", std::move(fixes)}});
  }
  return {{"ok", findings.empty()}, {"findings", std::move(all)}, {"applied", applied}};
}

void print(const Findings& findings, terminal::Terminal& terminal) {
  for (const doctor::Finding& one : findings) {
    terminal.say("found", fmt::format("{}: {}", one.name, one.what), terminal::Style::bad);
    if (!one.evidence.empty()) terminal.say("  seen", text::lines_of(one.evidence));
    terminal.say("  cure", text::lines_of(one.cure));
    for (const doctor::Fix& fix : one.fixes) terminal.say("  --fix", fix.what);
  }
}

/// Applies what there is to apply, each once, and says so; the sentences of what was done.
Expected<std::vector<std::string>> apply_fixes(const DoctorFlags& flags, const Findings& findings,
                                               const kubernetes::Kubectl& kubectl, Environment& environment) {
  std::vector<std::string> applied;
  for (const doctor::Finding& finding : findings) {
    for (const doctor::Fix& fix : finding.fixes) {
      if (std::ranges::find(applied, fix.what) != applied.end()) continue;
      if (!flags.yes && !environment.confirm(fmt::format("{}: {}?", finding.name, fix.what))) continue;
      if (!flags.json) environment.terminal.begin("curing", fix.what);
      if (const auto done = fix.apply(kubectl); !done) return std::unexpected(done.error());
      if (!flags.json) environment.terminal.done("cured", fix.what);
      applied.push_back(fix.what);
    }
  }
  return applied;
}

/// What a cure has set in motion takes a while: a controller that has just started says nothing for up to
/// half a minute.
Expected<Findings> look_until_cured(const DoctorFlags& flags, const kubernetes::Kubectl& kubectl,
                                    Environment& environment, const Findings& before) {
  using namespace std::chrono_literals;
  const auto is_cured = [&](const Findings& now) {
    return std::ranges::none_of(before, [&](const doctor::Finding& one) {
      return !one.fixes.empty() && std::ranges::find(now, one.name, &doctor::Finding::name) != now.end();
    });
  };
  const auto settled = environment.now() + 30s;
  const auto too_late = environment.now() + 90s;
  while (true) {
    auto now = look(flags, &kubectl, environment);
    if (!now || now->empty() || environment.now() >= too_late) return now;
    if (is_cured(*now) && environment.now() >= settled) return now;
    environment.pause(3s);
  }
}

Expected<void> examine(const DoctorFlags& flags, Environment& environment) {
  terminal::Terminal& terminal = environment.terminal;
  std::optional<kubernetes::Kubectl> kubectl;
  if (has_cluster(flags, environment)) {
    auto found = kubernetes::Kubectl::find(environment.processes, flags.cluster.context);
    if (found) kubectl = *std::move(found);  // its lack is a finding
  }
  if (!flags.json) terminal.begin("looking", kubectl ? "at this machine and the cluster" : "at this machine");
  auto findings = look(flags, kubectl ? &*kubectl : nullptr, environment);
  if (!findings) return std::unexpected(findings.error());
  terminal.give_up();
  if (!flags.json) print(*findings, terminal);
  std::vector<std::string> applied;
  if (flags.fix && kubectl) {
    auto done = apply_fixes(flags, *findings, *kubectl, environment);
    if (!done) return std::unexpected(done.error());
    applied = *std::move(done);
  }
  if (!applied.empty()) {
    findings = look_until_cured(flags, *kubectl, environment, *findings);
    if (!findings) return std::unexpected(findings.error());
    if (!flags.json) print(*findings, terminal);
  }
  if (flags.json) terminal.print(text::json_text(to_json(*findings, applied)));
  if (findings->empty()) {
    if (!flags.json) {
      terminal.say("ok",
                   kubectl ? "this machine and the cluster have all that filters need"
                           : "this machine has all that filters need; no cluster was looked at",
                   terminal::Style::good);
    }
    return {};
  }
  return std::unexpected(
      Error{ExitCode::check_failed,
            fmt::format("{} finding{}", findings->size(), findings->size() == 1 ? "" : "s"), "", ""});
}

}  // namespace

void add_doctor(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<DoctorFlags>();
  CLI::App& command = *program.add_subcommand("doctor", "Find out why a filter does not work, and cure it");
  command.add_flag("--fix", flags->fix, "Apply the cures that harm nothing; asks before each");
  command.add_flag("--yes", flags->yes, "With --fix: do not ask");
  command.add_flag("--local", flags->local, "This machine alone");
  command.add_option("--target", flags->target, "Policies for this alone: HTTPRoute/NAME, Gateway/NAME")
      ->option_text("KIND/NAME");
  command.add_flag("--json", flags->json, "Print the findings as JSON");
  add_cluster_flags(command, flags->cluster);
  command.get_option("--namespace")->description("Of policies (default: all)");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return examine(*flags, environment); };
  });
}

}  // namespace wasmup::commands
