// SPDX-License-Identifier: MIT
// That the cluster answers, that Envoy Gateway is installed, and that its controller can hand out modules.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <random>

#include "../kubernetes/json.hpp"
#include "checks.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::at;
using kubernetes::number_at;
using kubernetes::text_at;

constexpr const char* install =
    "helm upgrade --install eg oci://docker.io/envoyproxy/gateway-helm -n envoy-gateway-system "
    "--create-namespace";
constexpr int wasm_port = 18002;

/// A version of a definition that the server serves.
const Json* served_version(const Json& crd, const std::string& version) {
  for (const Json& one : at(at(crd, "spec"), "versions")) {
    if (text_at(one, "name") == version && at(one, "served") == true) return &one;
  }
  return nullptr;
}

/// Whether a policy of this version may have modules.
bool has_wasm(const Json& version) {
  const Json& schema = at(at(version, "schema"), "openAPIV3Schema");
  return at(at(at(schema, "properties"), "spec"), "properties").contains("wasm");
}

std::string name_of_crd(const Json& crd) { return text_at(at(crd, "metadata"), "name"); }

/// Why its containers do not run, as far as the pods tell.
std::string troubles_of(const std::vector<Json>& pods) {
  std::string troubles;
  for (const Json& pod : pods) {
    for (const Json& container : at(at(pod, "status"), "containerStatuses")) {
      if (at(container, "ready") == true) continue;
      const Json& waiting = at(at(container, "state"), "waiting");
      troubles += fmt::format("\npod {}: {} {}", kubernetes::name_of(pod).name,
                              text_at(waiting, "reason").empty() ? "not ready" : text_at(waiting, "reason"),
                              text_at(waiting, "message"));
    }
  }
  return troubles;
}

kubernetes::Argument controller() {
  return kubernetes::Argument::object(fmt::format("deployment/{}", controller_name));
}

Fix scale_up() {
  return {"scale the controller to one replica", [](const kubernetes::Kubectl& kubectl) -> Expected<void> {
            const auto done = kubectl.run(
                {"scale", controller(), "-n", kubernetes::Argument::space(controller_space), "--replicas=1"});
            if (!done) return std::unexpected(done.error());
            return {};
          }};
}

Fix restart() {
  return {"restart the controller, which sets its cache up anew",
          [](const kubernetes::Kubectl& kubectl) -> Expected<void> {
            const auto space = kubernetes::Argument::space(controller_space);
            for (const kubernetes::Arguments& arguments :
                 {kubernetes::Arguments{"rollout", "restart", controller(), "-n", space},
                  {"rollout", "status", controller(), "-n", space, "--timeout=120s"}}) {
              const auto done = kubectl.run(arguments, std::chrono::seconds(130));
              if (!done) return std::unexpected(done.error());
            }
            return {};
          }};
}

/// 32 random bytes as Kubernetes has a secret's: in base64, which of digits alone is easy to make.
std::string new_key() {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::random_device random;
  std::string key;
  for (int i = 0; i < 44; ++i) key += digits[random() % digits.size()];
  return key;
}

Fix make_secret() {
  return {fmt::format("put a new key into Secret {}", cache_secret),
          [](const kubernetes::Kubectl& kubectl) -> Expected<void> {
            const auto done =
                kubectl.apply({{"apiVersion", "v1"},
                               {"kind", "Secret"},
                               {"metadata", {{"name", cache_secret}, {"namespace", controller_space}}},
                               {"type", "Opaque"},
                               {"data", {{cache_secret_key, new_key()}}}},
                              {.take_over = true});
            if (!done) return std::unexpected(done.error());
            return {};
          }};
}

/// The last line of the log in which one of these stands.
std::string line_with(const std::string& log, std::initializer_list<std::string_view> words) {
  size_t place = std::string::npos;
  for (const std::string_view word : words) {
    const size_t found = log.rfind(word);
    if (found != log.npos && (place == log.npos || found > place)) place = found;
  }
  if (place == log.npos) return "";
  const size_t begin = place == 0 ? 0 : log.rfind('\n', place) + 1;
  return log.substr(begin, log.find('\n', place) - begin);
}

std::string says_no_cache(const Snapshot& seen) {
  for (const Json& policy : seen.policies) {
    const kubernetes::Acceptance acceptance = kubernetes::acceptance_of(policy);
    if (acceptance.verdict == kubernetes::Verdict::refused &&
        acceptance.reason.contains("wasm cache is not initialized")) {
      return acceptance.reason;
    }
  }
  return "";
}

}  // namespace

void check_access(const Snapshot& seen, Findings& found) {
  if (!seen.unreachable.empty()) {
    found.push_back(
        {"cluster-unreachable", "the cluster cannot be reached", seen.unreachable, seen.unreachable_next});
  }
  if (!seen.forbidden.empty()) {
    found.push_back(
        {"cluster-forbidden", "not all could be looked at: the rest of this report may lack something",
         fmt::format("{}", fmt::join(seen.forbidden, "\n")), "use a context that may read these"});
  }
}

void check_definitions(const Snapshot& seen, Findings& found) {
  constexpr std::array<std::pair<const char*, const char*>, 4> wanted{
      {{kubernetes::policies, "v1alpha1"},
       {"gatewayclasses.gateway.networking.k8s.io", "v1"},
       {"gateways.gateway.networking.k8s.io", "v1"},
       {"httproutes.gateway.networking.k8s.io", "v1"}}};
  for (const auto& [name, version] : wanted) {
    const auto crd = std::ranges::find(seen.crds, std::string(name), name_of_crd);
    if (crd == seen.crds.end()) {
      found.push_back({"crd-missing", "the cluster does not know a kind that Envoy Gateway needs",
                       fmt::format("there is no CustomResourceDefinition {}", name), install});
      continue;
    }
    const Json* const served = served_version(*crd, version);
    const bool lacks_wasm =
        std::string_view(name) == kubernetes::policies && served != nullptr && !has_wasm(*served);
    if (served != nullptr && !lacks_wasm) continue;
    found.push_back(
        {"crd-version", "a definition is of another version than Envoy Gateway needs",
         served == nullptr ? fmt::format("{} does not serve {}", name, version)
                           : fmt::format("{} has no field spec.wasm", name),
         fmt::format("{}\nhelm does not upgrade definitions: apply those of the same release with\n"
                     "kubectl apply --server-side --force-conflicts -f",
                     install)});
  }
}

void check_controller(const Snapshot& seen, Findings& found) {
  if (!seen.controller) {
    found.push_back({"controller-missing", "Envoy Gateway is not installed",
                     fmt::format("there is no Deployment {}/{}", controller_space, controller_name),
                     install});
    return;
  }
  const Json& status = at(*seen.controller, "status");
  if (number_at(status, "readyReplicas") > 0) return;
  const bool is_off = number_at(at(*seen.controller, "spec"), "replicas") == 0;
  Finding finding{
      "controller-not-ready", "Envoy Gateway's controller does not run: nothing that is applied takes effect",
      fmt::format("Deployment {}/{} has {} of {} replicas ready{}", controller_space, controller_name,
                  number_at(status, "readyReplicas"), number_at(at(*seen.controller, "spec"), "replicas"),
                  troubles_of(seen.controller_pods)),
      fmt::format("kubectl -n {} {}", controller_space,
                  is_off ? fmt::format("scale deployment/{} --replicas=1", controller_name)
                         : fmt::format("logs deployment/{}", controller_name))};
  if (is_off) finding.fixes.push_back(scale_up());
  found.push_back(std::move(finding));
}

void check_wasm_cache(const Snapshot& seen, Findings& found) {
  if (!seen.controller) return;
  if (seen.knows_cache_secret && !seen.cache_secret_has_key) {
    found.push_back({"wasm-cache-secret-missing",
                     "the secret that the controller needs for its Wasm cache is not there",
                     fmt::format("there is no Secret {}/{}", controller_space, cache_secret),
                     "helm upgrade makes it again; then restart the controller",
                     {make_secret()}});
  } else if (seen.knows_cache_secret && !*seen.cache_secret_has_key) {
    found.push_back({"wasm-cache-key-missing",
                     "the secret that the controller needs for its Wasm cache is empty",
                     fmt::format("Secret {}/{} has no {}", controller_space, cache_secret, cache_secret_key),
                     "delete it, and helm upgrade makes it again; then restart the controller",
                     {make_secret()}});
  }
  const std::string folder = line_with(seen.controller_log, {"Failed to create Wasm cache directory"});
  if (!folder.empty()) {
    found.push_back({"wasm-cache-folder", "the controller cannot write its Wasm cache", folder,
                     "give its pod a volume at /var/lib/eg/wasm that it may write"});
    return;
  }
  std::string evidence =
      line_with(seen.controller_log, {"failed to start wasm cache", "failed to get hmac secret"});
  if (const std::string reason = says_no_cache(seen); !reason.empty()) evidence = reason;
  if (!evidence.empty()) {
    found.push_back(
        {"wasm-cache-down",
         "the controller has no Wasm cache: it is set up when the controller starts, and never again. "
         "Until then routes with a module answer 500",
         evidence,
         fmt::format("kubectl -n {} rollout restart deployment/{}", controller_space, controller_name),
         {restart()}});
  }
  if (!seen.controller_service) return;
  const Json& ports = at(at(*seen.controller_service, "spec"), "ports");
  const bool serves =
      std::ranges::any_of(ports, [](const Json& port) { return number_at(port, "port") == wasm_port; });
  if (!serves) {
    found.push_back(
        {"wasm-port-missing", "proxies cannot fetch modules from the controller",
         fmt::format("Service {}/{} has no port {}", controller_space, controller_name, wasm_port), install});
  }
}

}  // namespace wasmup::doctor
