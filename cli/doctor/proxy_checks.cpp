// SPDX-License-Identifier: MIT
// What proxies run, what became of it, and what clients get.
#include <algorithm>
#include <fmt/format.h>

#include "../kubernetes/json.hpp"
#include "checks.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::Name;
using kubernetes::name_of;

bool is_accepted(const Json& policy) {
  return kubernetes::acceptance_of(policy).verdict == kubernetes::Verdict::accepted;
}

const Json* find_policy(const Snapshot& seen, const Name& name) {
  const auto found =
      std::ranges::find_if(seen.policies, [&](const Json& one) { return name_of(one) == name; });
  return found == seen.policies.end() ? nullptr : &*found;
}

/// What is wrong with an answer that says nothing of what it must be.
bool is_failure(const traffic::Report& report) {
  return std::ranges::any_of(report.results, [](const traffic::CaseResult& one) {
    return !one.no_answer.empty() || one.response.status == 500 || one.response.status == 503;
  });
}

bool is_bad(const Traffic& traffic) {
  if (!traffic.report) return true;
  return traffic.is_known ? !traffic.report->holds() : is_failure(*traffic.report);
}

std::string evidence_of(const Traffic& traffic) {
  if (!traffic.report) return traffic.problem;
  std::string text;
  for (const traffic::CaseResult& one : traffic.report->results) {
    if (!one.no_answer.empty()) text += fmt::format("\n{}: no answer: {}", one.tried.name, one.no_answer);
    for (const traffic::Finding& finding : one.findings) {
      if (finding.met) continue;
      text += fmt::format("\n{}: expected {}, seen {}, status {}", one.tried.name, finding.expected,
                          finding.seen, one.response.status);
    }
    if (one.findings.empty() && one.no_answer.empty())
      text += fmt::format("\n{}: status {}", one.tried.name, one.response.status);
  }
  return text.empty() ? text : text.substr(1);
}

/// The last line of a proxy's log with one of these in it.
std::string last_line(const std::string& log, std::initializer_list<std::string_view> words) {
  std::string last;
  for (size_t begin = 0; begin < log.size();) {
    const size_t end = std::min(log.find('\n', begin), log.size());
    const std::string_view line = std::string_view(log).substr(begin, end - begin);
    begin = end + 1;
    if (std::ranges::any_of(words, [&](std::string_view word) { return line.contains(word); })) last = line;
  }
  constexpr size_t most = 500;
  return last.size() > most ? last.substr(0, most) + "..." : last;
}

/// Why a module does not do its work, as the proxy's log has it. A log remembers what is long cured: it
/// counts only where traffic is bad now.
void check_log(const SeenProxy& one, Findings& found) {
  const std::string pod = fmt::format("{}/{}", one.proxy.pod.space, one.proxy.pod.name);
  const std::string config =
      last_line(one.log, {"onfigure base Wasm plugin", "Failed to configure", "on_configure"});
  const std::string load =
      last_line(one.log, {"Failed to load Wasm", "Failed to initialize Wasm", "missing import",
                          "Failed to instantiate", "Unable to create Wasm", "Failed to initialize WASM"});
  const std::string trap = last_line(one.log, {"Function: proxy_on"});
  if (!config.empty()) {
    found.push_back({"config-refused", "the filter has refused its configuration", pod + ": " + config,
                     "correct the configuration and deploy again"});
  }
  if (!load.empty()) {
    found.push_back({"module-not-loaded", "Envoy does not load the module", pod + ": " + load,
                     "wasmup inspect says why; build it again with this version of wasmup"});
  }
  if (!trap.empty()) {
    found.push_back({"module-traps", "the module traps while it handles requests", pod + ": " + trap,
                     "wasmup run shows where; until it is mended: wasmup rollback"});
  }
}

void check_modules(const Snapshot& seen, const SeenProxy& one, Findings& found) {
  for (const Traffic& traffic : seen.traffic) {
    Name gateway = traffic.gateway;
    gateway.section.clear();
    const Json* const policy = find_policy(seen, traffic.policy);
    if (!(gateway == one.gateway) || policy == nullptr || !is_accepted(*policy)) continue;
    const std::string wanted = traffic.policy.space + "/" + traffic.policy.name;
    const bool has = std::ranges::any_of(
        one.proxy.modules, [&](const kubernetes::RunningModule& its) { return its.policy == wanted; });
    if (has) continue;
    found.push_back({"module-not-configured", "a proxy does not have the module of a policy that is accepted",
                     fmt::format("{}/{} has no filter of {}", one.proxy.pod.space, one.proxy.pod.name,
                                 to_string(traffic.policy)),
                     "wait a little; if it stays, restart the proxy's Deployment"});
  }
}

}  // namespace

void check_proxies(const Snapshot& seen, Findings& found) {
  for (const SeenProxy& one : seen.proxies) {
    if (!one.proxy.problem.empty()) {
      found.push_back(
          {"proxy-not-ready", "a proxy does not run as it should, or cannot be looked into",
           fmt::format("{}/{}: {}", one.proxy.pod.space, one.proxy.pod.name, one.proxy.problem),
           fmt::format("kubectl describe pod {} -n {}", one.proxy.pod.name, one.proxy.pod.space)});
      continue;
    }
    check_modules(seen, one, found);
    const bool is_suspect = std::ranges::any_of(seen.traffic, [&](const Traffic& traffic) {
      Name gateway = traffic.gateway;
      gateway.section.clear();
      return gateway == one.gateway && is_bad(traffic);
    });
    if (is_suspect) check_log(one, found);
  }
}

void check_traffic(const Snapshot& seen, Findings& found) {
  for (const Traffic& traffic : seen.traffic) {
    if (!is_bad(traffic)) continue;
    found.push_back({traffic.is_known ? "traffic-not-as-expected" : "traffic-fails",
                     traffic.is_known ? "live traffic does not carry what the policy says it should"
                                      : "requests through a route with a module fail",
                     fmt::format("{} through {}:\n{}", to_string(traffic.policy), to_string(traffic.gateway),
                                 evidence_of(traffic)),
                     "the findings above say why; wasmup rollback " + traffic.policy.name +
                         " puts back what was there before"});
  }
}

}  // namespace wasmup::doctor
