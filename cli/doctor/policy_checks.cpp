// SPDX-License-Identifier: MIT
// Policies: what they are attached to, what they pull, what gateways say of them.
#include <algorithm>
#include <fmt/format.h>

#include "../deployment/explain.hpp"
#include "../kubernetes/json.hpp"
#include "../policy/policy.hpp"
#include "../text/shell_word.hpp"
#include "checks.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::at;
using kubernetes::Name;
using kubernetes::name_of;
using kubernetes::text_at;
using text::shell_word;

bool controller_runs(const Snapshot& seen) {
  return seen.controller && kubernetes::number_at(at(*seen.controller, "status"), "readyReplicas") > 0;
}

/// Kinds that were not looked at are taken to be there.
bool is_there(const Snapshot& seen, const Name& target) {
  const bool is_gateway = target.kind == "Gateway";
  if (!is_gateway && target.kind != "HTTPRoute") return true;
  return std::ranges::any_of(is_gateway ? seen.gateways : seen.routes, [&](const Json& one) {
    const Name its = name_of(one);
    return its.name == target.name && its.space == target.space && (is_gateway || its.kind == target.kind);
  });
}

std::string policy_line(const Name& policy) {
  return fmt::format("kubectl get envoyextensionpolicy {} -n {} -o yaml", shell_word(policy.name),
                     shell_word(policy.space));
}

}  // namespace

void check_targets(const Snapshot& seen, Findings& found) {
  for (const Json& policy : seen.policies) {
    for (const Name& target : kubernetes::targets_of(policy)) {
      if (is_there(seen, target)) continue;
      found.push_back(
          {"policy-target-missing", "a policy is attached to nothing",
           fmt::format("{} targets {}, which is not there", to_string(name_of(policy)), to_string(target)),
           "create it, correct the policy's targetRefs, or wasmup undeploy " +
               shell_word(name_of(policy).name)});
    }
  }
}

void check_pull_secrets(const Snapshot& seen, Findings& found) {
  for (const Json& policy : seen.policies) {
    const Name name = name_of(policy);
    for (const kubernetes::Module& module : kubernetes::modules_of(policy)) {
      if (module.pull_secret.empty()) continue;
      const auto secret = seen.pull_secrets.find(name.space + "/" + module.pull_secret);
      if (secret == seen.pull_secrets.end()) {
        found.push_back(
            {"pull-secret-missing", "a policy names a pull secret that is not there",
             fmt::format("{} names Secret {}/{}", to_string(name), name.space, module.pull_secret),
             fmt::format("kubectl create secret docker-registry {} -n {} --docker-server=HOST "
                         "--docker-username=USER",
                         shell_word(module.pull_secret), shell_word(name.space))});
      } else if (secret->second.contains("type") && at(secret->second, "has_login") != true) {
        found.push_back({"pull-secret-wrong", "a pull secret holds no login for a registry",
                         fmt::format("Secret {}/{} is of type {} and has no .dockerconfigjson", name.space,
                                     module.pull_secret, text_at(secret->second, "type")),
                         "make it again with kubectl create secret docker-registry"});
      }
    }
  }
}

void check_marks(const Snapshot& seen, Findings& found) {
  for (const Json& policy : seen.policies) {
    const Name name = name_of(policy);
    for (const kubernetes::Module& module : kubernetes::modules_of(policy)) {
      const std::string wanted = policy::mark_of(module.digest);
      for (const std::string& key : module.host_keys) {
        if (!key.starts_with(policy::module_mark) || key == wanted) continue;
        found.push_back(
            {"module-mark-stale",
             "a policy's image was changed, and the mark of its module was not: proxies that run the module "
             "before go on with it",
             fmt::format("{} has {}@sha256:{} and, in env.hostKeys, {}", to_string(name), module.url,
                         module.digest, key),
             module.digest.empty() ? "wasmup deploy, or take it out"
                                   : "wasmup deploy, or put " + wanted + " in its place"});
      }
    }
  }
}

void check_acceptance(const Snapshot& seen, Findings& found) {
  for (const Json& policy : seen.policies) {
    const Name name = name_of(policy);
    const kubernetes::Acceptance acceptance = kubernetes::acceptance_of(policy);
    if (acceptance.verdict == kubernetes::Verdict::refused) {
      const deployment::Explanation explained = deployment::explain(acceptance.reason);
      const bool has_own_check =
          explained.name == "wasm-cache-down" || explained.name == "pull-secret-missing";
      if (has_own_check) continue;
      found.push_back({explained.name, explained.what,
                       fmt::format("{}: {}", to_string(name), acceptance.reason), explained.cure});
    } else if (acceptance.verdict == kubernetes::Verdict::waiting && controller_runs(seen)) {
      const auto targets = kubernetes::targets_of(policy);
      const bool could =
          std::ranges::all_of(targets, [&](const Name& target) { return is_there(seen, target); });
      if (!could) continue;
      found.push_back({"policy-not-seen", "no gateway has looked at a policy",
                       fmt::format("{}: {}", to_string(name), acceptance.reason), policy_line(name)});
    }
  }
}

}  // namespace wasmup::doctor
