// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fmt/format.h>

#include "../deployment/revision.hpp"
#include "../deployment/rollout.hpp"
#include "../kubernetes/gateways.hpp"
#include "../kubernetes/json.hpp"
#include "snapshot.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::at;
using kubernetes::Name;
using kubernetes::text_at;
using namespace std::chrono_literals;

constexpr int log_lines = 3000;
constexpr int proxy_log_lines = 3000;  // most are of the access log

/// What was asked for at most once, and noted when it was refused.
class Look {
 public:
  explicit Look(const Gathering& gathering) : gathering_(gathering), kubectl_(gathering.kubectl) {}

  Snapshot take() {
    const auto version = kubectl_.server_version();
    if (!version) {
      seen_.unreachable = version.error().seen;
      seen_.unreachable_next = version.error().next;
      return std::move(seen_);
    }
    seen_.server_version = *version;
    look_at_installation();
    look_at_gateways();
    look_at_policies();
    look_at_traffic();
    look_at_proxies();
    return std::move(seen_);
  }

 private:
  /// Kinds that are not installed have no objects: that itself is another check's finding.
  std::vector<Json> list(const std::string& kind, const std::string& space = "",
                         const kubernetes::Labels& labels = {}) {
    auto found = kubectl_.list(kind, space, labels);
    if (found) return *std::move(found);
    note(kind, found.error());
    return {};
  }
  std::optional<Json> get(const std::string& kind, const std::string& space, const std::string& name) {
    auto found = kubectl_.get(kind, space, name);
    if (found) return *std::move(found);
    note(kind, found.error());
    return std::nullopt;
  }
  void note(const std::string& kind, const Error& error) {
    if (!error.seen.contains("have a resource type")) seen_.forbidden.push_back(kind + ": " + error.seen);
  }

  void look_at_installation() {
    auto crds =
        kubectl_.get_all("customresourcedefinitions",
                         {kubernetes::policies, "gatewayclasses.gateway.networking.k8s.io",
                          "gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"});
    if (!crds) note("customresourcedefinitions", crds.error());
    if (crds) seen_.crds = *std::move(crds);
    for (Json& one : list("deployments,services,pods", controller_space)) {
      const Name name = kubernetes::name_of(one);
      if (name.kind == "Pod") {
        const Json& labels = at(at(one, "metadata"), "labels");
        if (text_at(labels, "control-plane") == controller_name)
          seen_.controller_pods.push_back(std::move(one));
      } else if (name.name == controller_name) {
        (name.kind == "Service" ? seen_.controller_service : seen_.controller) = std::move(one);
      }
    }
    const auto secret = kubectl_.get("secrets", controller_space, cache_secret);
    seen_.knows_cache_secret = secret.has_value();
    if (!secret) note("secrets", secret.error());
    if (secret && *secret) {
      seen_.cache_secret_has_key = !text_at(at(**secret, "data"), cache_secret_key).empty();
    }
    if (!seen_.controller_pods.empty()) {
      const auto log =
          kubectl_.logs(controller_space, fmt::format("deployment/{}", controller_name), log_lines);
      if (log) seen_.controller_log = *log;
    }
  }

  /// Of kinds that are installed: one that is not would spoil the answer for all.
  void look_at_gateways() {
    std::string kinds = "services,endpointslices.discovery.k8s.io";
    for (const Json& crd : seen_.crds) kinds += "," + text_at(at(crd, "metadata"), "name");
    for (Json& one : list(kinds)) {
      const std::string kind = kubernetes::name_of(one).kind;
      std::vector<Json>* const its = kind == "Service"                ? &seen_.services
                                     : kind == "EndpointSlice"        ? &seen_.endpoints
                                     : kind == "GatewayClass"         ? &seen_.classes
                                     : kind == "Gateway"              ? &seen_.gateways
                                     : kind == "EnvoyExtensionPolicy" ? &seen_.policies
                                                                      : &seen_.routes;
      its->push_back(std::move(one));
    }
  }

  void look_at_policies() {
    std::erase_if(seen_.policies, [this](const Json& policy) { return !is_meant(policy); });
    for (const Json& policy : seen_.policies) {
      const std::string space = kubernetes::name_of(policy).space;
      for (const kubernetes::Module& module : kubernetes::modules_of(policy)) {
        if (module.pull_secret.empty()) continue;
        const auto secret = kubectl_.get("secrets", space, module.pull_secret);
        // Of a secret, no more than what kind it is and whether it holds a login.
        if (secret && *secret) {
          seen_.pull_secrets[space + "/" + module.pull_secret] = {
              {"type", text_at(**secret, "type")},
              {"has_login", !text_at(at(**secret, "data"), ".dockerconfigjson").empty()}};
        } else if (!secret) {
          note("secrets", secret.error());
          seen_.pull_secrets[space + "/" + module.pull_secret] = {{"unknown", true}};
        }
      }
    }
  }

  bool is_meant(const Json& policy) const {
    if (kubernetes::modules_of(policy).empty()) return false;
    if (!gathering_.space.empty() && kubernetes::name_of(policy).space != gathering_.space) return false;
    return !gathering_.target || std::ranges::any_of(kubernetes::targets_of(policy), [this](const Name& one) {
      return one.kind == gathering_.target->kind && one.name == gathering_.target->name;
    });
  }

  const Json* find(const std::vector<Json>& among, const Name& name) const {
    const auto found = std::ranges::find_if(among, [&](const Json& one) {
      const Name its = kubernetes::name_of(one);
      return its.space == name.space && its.name == name.name && (its.kind.empty() || its.kind == name.kind);
    });
    return found == among.end() ? nullptr : &*found;
  }

  /// Requests for every policy that says what must come of them; for the others, one, to see it answered.
  void look_at_traffic() {
    for (const Json& policy : seen_.policies) {
      const Name name = kubernetes::name_of(policy);
      for (const Name& target_name : kubernetes::targets_of(policy)) {
        const Json* const target =
            find(target_name.kind == "Gateway" ? seen_.gateways : seen_.routes, target_name);
        if (target == nullptr) continue;
        const std::string text = deployment::current_revision(policy).requests;
        auto requests = traffic::parse_requests(text, "what traffic must be like", traffic::Urls::paths_only);
        const bool is_known = !text.empty() && requests;
        if (!is_known) requests = any_answer(kubernetes::path_for(*target));
        for (const Name& gateway_name : kubernetes::gateways_of(*target)) {
          note_gateway(gateway_name);
          const Json* const gateway = find(seen_.gateways, gateway_name);
          if (gateway == nullptr) continue;
          Traffic traffic{.policy = name, .gateway = gateway_name, .is_known = is_known};
          auto report =
              deployment::ask(kubectl_, gathering_.means, *target, *gateway, gateway_name.section, *requests);
          if (report) {
            traffic.report = *std::move(report);
          } else {
            traffic.problem = report.error().what + ": " + report.error().seen;
          }
          seen_.traffic.push_back(std::move(traffic));
        }
      }
    }
  }

  static traffic::RequestsFile any_answer(const std::string& path) {
    traffic::Case one;
    one.name = "GET " + path;
    one.request.url = path;
    return {.url = std::nullopt, .cases = {std::move(one)}};
  }

  void note_gateway(Name gateway) {
    gateway.section.clear();
    if (std::ranges::find(looked_into_, gateway) == looked_into_.end()) looked_into_.push_back(gateway);
  }

  void look_at_proxies() {
    for (const Name& gateway : looked_into_) {
      auto proxies = kubernetes::proxies_of(kubectl_, gateway, gathering_.means.send);
      if (!proxies) {
        note("pods", proxies.error());
        continue;
      }
      for (kubernetes::Proxy& proxy : *proxies) {
        const auto log = kubectl_.logs(proxy.pod.space, "pod/" + proxy.pod.name, proxy_log_lines, "envoy");
        seen_.proxies.push_back({gateway, std::move(proxy), log.value_or("")});
      }
    }
  }

  const Gathering& gathering_;
  const kubernetes::Kubectl& kubectl_;
  Snapshot seen_;
  std::vector<Name> looked_into_;
};

}  // namespace

Snapshot gather(const Gathering& gathering) { return Look(gathering).take(); }

}  // namespace wasmup::doctor
