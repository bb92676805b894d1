// SPDX-License-Identifier: MIT
// What proxies run, what became of it, and what clients get.
#include <algorithm>
#include <fmt/format.h>

#include "../kubernetes/json.hpp"
#include "../text/shell_word.hpp"
#include "checks.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::Name;
using kubernetes::name_of;
using text::shell_word;

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

/// How many requests have got a 503 from a VM that has failed: Envoy's access log says so of each.
size_t failed_streams(const std::string& log) {
  size_t count = 0;
  constexpr std::string_view detail = "wasm_fail_stream";
  for (size_t at = log.find(detail); at != log.npos; at = log.find(detail, at + detail.size())) ++count;
  return count;
}

std::string name_of_pod(const SeenProxy& one) {
  return fmt::format("{}/{}", one.proxy.pod.space, one.proxy.pod.name);
}

constexpr const char* cure_of_traps = "wasmup run shows where; until it is mended: wasmup rollback";
constexpr const char* cure_of_loading = "wasmup inspect says why; build it again with this version of wasmup";

/// Why a module does not do its work, as the proxy's log has it. A log remembers what is long cured: it
/// counts only where traffic is bad now.
void check_log(const SeenProxy& one, Findings& found) {
  const std::string pod = name_of_pod(one);
  const std::string config = last_line(one.log, {"Failed to configure"});
  const std::string load = last_line(one.log, {"Failed to load Wasm", "Failed to initialize Wasm"});
  const std::string trap = last_line(one.log, {"Function: proxy_on"});
  if (!config.empty()) {
    found.push_back({"config-refused", "the filter has refused its configuration", pod + ": " + config,
                     "correct the configuration and deploy again"});
  }
  if (!load.empty()) {
    found.push_back(
        {"module-not-loaded", "Envoy does not load the module", pod + ": " + load, cure_of_loading});
  }
  if (!trap.empty()) {
    found.push_back(
        {"module-traps", "the module traps while it handles requests", pod + ": " + trap, cure_of_traps});
  }
  if (!config.empty() || !load.empty() || !trap.empty()) return;
  if (const size_t failed = failed_streams(one.log); failed > 0) {
    found.push_back({"module-traps", "the module has trapped: its VM handles no request any more",
                     fmt::format("{}: wasm_fail_stream, for {} requests in its access log", pod, failed),
                     cure_of_traps});
  }
}

/// What Envoy counts. Traps it does not; only VMs that are alive, and those that were started anew after one,
/// which is done where a policy of reloading was patched in. Left out where the log has told more.
void check_counters(const SeenProxy& one, Findings& found) {
  const std::string pod = name_of_pod(one);
  const auto is_known = [&](std::string_view name) {
    return std::ranges::any_of(found, [&](const Finding& other) {
      return other.name == name && other.evidence.starts_with(pod + ": ");
    });
  };
  const auto& counters = one.proxy.counters;
  for (const auto& [name, value] : counters) {
    if (!name.starts_with("wasm.") || !name.ends_with(".vm_reload") || value == 0) continue;
    if (is_known("module-traps")) break;
    found.push_back({"module-traps", "the module traps while it handles requests, and is started anew",
                     fmt::format("{}: {} {}", pod, name, value), cure_of_traps});
  }
  const auto alive = counters.find("wasm.envoy.wasm.runtime.v8.active");
  const bool none_alive = !one.proxy.modules.empty() && alive != counters.end() && alive->second == 0;
  if (none_alive && !is_known("module-not-loaded") && !is_known("config-refused")) {
    found.push_back({"module-not-loaded", "Envoy does not load the module",
                     fmt::format("{}: {} 0: no module is at work in it", pod, alive->first),
                     cure_of_loading});
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
                     fmt::format("{} has no filter of {}", name_of_pod(one), to_string(traffic.policy)),
                     "wait a little; if it stays, restart the proxy's Deployment"});
  }
}

}  // namespace

void check_proxies(const Snapshot& seen, Findings& found) {
  for (const SeenProxy& one : seen.proxies) {
    if (!one.proxy.problem.empty()) {
      found.push_back({"proxy-not-ready", "a proxy does not run as it should, or cannot be looked into",
                       fmt::format("{}: {}", name_of_pod(one), one.proxy.problem),
                       fmt::format("kubectl describe pod {} -n {}", shell_word(one.proxy.pod.name),
                                   shell_word(one.proxy.pod.space))});
      continue;
    }
    check_modules(seen, one, found);
    // What no gateway has accepted is not in the proxy: its log would tell of what was there before.
    const bool is_suspect = std::ranges::any_of(seen.traffic, [&](const Traffic& traffic) {
      Name gateway = traffic.gateway;
      gateway.section.clear();
      const Json* const policy = find_policy(seen, traffic.policy);
      return gateway == one.gateway && is_bad(traffic) && (policy == nullptr || is_accepted(*policy));
    });
    if (is_suspect) check_log(one, found);
    check_counters(one, found);
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
