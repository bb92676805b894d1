// SPDX-License-Identifier: MIT
// The way of a request: class, Gateway, route, backend.
#include <algorithm>
#include <fmt/format.h>

#include "../kubernetes/gateways.hpp"
#include "../kubernetes/json.hpp"
#include "../text/shell_word.hpp"
#include "checks.hpp"

namespace wasmup::doctor {
namespace {

using kubernetes::at;
using kubernetes::Condition;
using kubernetes::conditions_in;
using kubernetes::find_condition;
using kubernetes::Name;
using kubernetes::name_of;
using kubernetes::text_at;
using text::shell_word;

constexpr const char* our_controller = "gateway.envoyproxy.io/gatewayclass-controller";

bool is_false(const Condition* condition) { return condition != nullptr && !condition->holds; }

std::string words_of(const Name& name, const Condition& condition) {
  return fmt::format("{}: {}={}: {}: {}", to_string(name), condition.type, condition.holds ? "True" : "False",
                     condition.reason, condition.message);
}

std::string yaml_line(const char* kind, const Name& name) {
  const std::string space = name.space.empty() ? "" : " -n " + shell_word(name.space);
  return fmt::format("kubectl get {} {}{} -o yaml", kind, shell_word(name.name), space);
}

void check_gateway(const Json& gateway, Findings& found) {
  const Name name = name_of(gateway);
  const auto conditions = conditions_in(at(gateway, "status"));
  if (const Condition* const accepted = find_condition(conditions, "Accepted"); is_false(accepted)) {
    found.push_back({"gateway-not-accepted", "the controller does not accept the Gateway",
                     words_of(name, *accepted), yaml_line("gateway", name)});
  }
  const Condition* const programmed = find_condition(conditions, "Programmed");
  if (is_false(programmed) && programmed->reason == "AddressNotAssigned") {
    found.push_back(
        {"gateway-address-pending",
         "the Gateway has no address: nothing in this cluster gives its Service one",
         words_of(name, *programmed),
         "a load balancer (in kind: cloud-provider-kind), or reach it by kubectl port-forward, as "
         "wasmup deploy does"});
  } else if (is_false(programmed)) {
    found.push_back({"gateway-not-programmed", "the Gateway takes no traffic", words_of(name, *programmed),
                     yaml_line("gateway", name)});
  }
  for (const Json& listener : at(at(gateway, "status"), "listeners")) {
    for (const Condition& one : conditions_in(listener)) {
      const bool is_conflict = one.type == "Conflicted" && one.holds;
      const bool is_off =
          (one.type == "Accepted" || one.type == "ResolvedRefs" || one.type == "Programmed") && !one.holds;
      if (!is_conflict && !is_off) continue;
      Name its = name;
      its.section = text_at(listener, "name");
      found.push_back({is_conflict ? "listener-conflict" : "listener-not-ready",
                       is_conflict ? "two listeners want the same port and host"
                                   : "a listener of the Gateway does not work",
                       words_of(its, one), yaml_line("gateway", name)});
      break;
    }
  }
}

/// One of the Gateways that the route names, as far as it is one of ours.
std::vector<Name> our_parents(const Snapshot& seen, const Json& route) {
  std::vector<Name> parents;
  for (const Name& parent : kubernetes::gateways_of(route)) {
    const auto gateway = std::ranges::find_if(seen.gateways, [&](const Json& one) {
      const Name its = name_of(one);
      return its.name == parent.name && its.space == parent.space;
    });
    if (gateway == seen.gateways.end()) continue;
    if (is_ours(seen, text_at(at(*gateway, "spec"), "gatewayClassName"))) parents.push_back(parent);
  }
  return parents;
}

int ready_endpoints(const Snapshot& seen, const Name& service) {
  int ready = 0;
  for (const Json& slice : seen.endpoints) {
    const Name name = name_of(slice);
    const std::string owner = text_at(at(at(slice, "metadata"), "labels"), "kubernetes.io/service-name");
    if (name.space != service.space || owner != service.name) continue;
    for (const Json& endpoint : at(slice, "endpoints")) {
      // "Not said" means ready.
      if (at(at(endpoint, "conditions"), "ready") != false) ++ready;
    }
  }
  return ready;
}

bool is_there(const std::vector<Json>& among, const Name& name) {
  return std::ranges::any_of(among, [&](const Json& one) {
    const Name its = name_of(one);
    return its.name == name.name && its.space == name.space;
  });
}

}  // namespace

bool is_ours(const Snapshot& seen, const std::string& gateway_class) {
  return std::ranges::any_of(seen.classes, [&](const Json& one) {
    return name_of(one).name == gateway_class && text_at(at(one, "spec"), "controllerName") == our_controller;
  });
}

void check_classes(const Snapshot& seen, Findings& found) {
  for (const Json& one : seen.classes) {
    if (text_at(at(one, "spec"), "controllerName") != our_controller) continue;
    const auto conditions = conditions_in(at(one, "status"));
    const Condition* const accepted = find_condition(conditions, "Accepted");
    if (accepted != nullptr && accepted->holds) continue;
    // Until a controller has looked, the condition says so itself: "Waiting for controller".
    found.push_back({"gatewayclass-not-accepted", "the controller does not accept the GatewayClass",
                     accepted == nullptr ? "GatewayClass " + name_of(one).name + " has no condition Accepted"
                                         : words_of({"GatewayClass", "", name_of(one).name}, *accepted),
                     yaml_line("gatewayclass", {"GatewayClass", "", name_of(one).name})});
  }
  for (const Json& gateway : seen.gateways) {
    const std::string wanted = text_at(at(gateway, "spec"), "gatewayClassName");
    const bool exists =
        std::ranges::any_of(seen.classes, [&](const Json& one) { return name_of(one).name == wanted; });
    if (exists) continue;
    found.push_back(
        {"gatewayclass-missing", "a Gateway is of a class that is not there",
         fmt::format("{} wants GatewayClass {}", to_string(name_of(gateway)), wanted),
         "kubectl apply a GatewayClass of that name with controllerName " + std::string(our_controller)});
  }
}

void check_gateways(const Snapshot& seen, Findings& found) {
  for (const Json& gateway : seen.gateways) {
    if (is_ours(seen, text_at(at(gateway, "spec"), "gatewayClassName"))) check_gateway(gateway, found);
  }
}

void check_routes(const Snapshot& seen, Findings& found) {
  for (const Json& route : seen.routes) {
    const Name name = name_of(route);
    for (const Name& parent : kubernetes::gateways_of(route)) {
      if (is_there(seen.gateways, parent)) continue;
      found.push_back({"route-parent-missing", "a route hangs on a Gateway that is not there",
                       fmt::format("{} names {}", to_string(name), to_string(parent)),
                       "create the Gateway, or correct the route's parentRefs"});
    }
    if (our_parents(seen, route).empty()) continue;
    for (const Json& parent : at(at(route, "status"), "parents")) {
      if (text_at(parent, "controllerName") != our_controller) continue;
      for (const Condition& one : conditions_in(parent)) {
        if (one.holds) continue;
        if (one.type == "Accepted") {
          found.push_back({"route-not-accepted", "the Gateway does not take the route", words_of(name, one),
                           yaml_line("httproute", name)});
        } else if (one.type == "ResolvedRefs") {
          found.push_back({"route-backend-missing", "the route leads to something that is not there",
                           words_of(name, one), yaml_line("httproute", name)});
        }
      }
    }
  }
}

void check_backends(const Snapshot& seen, Findings& found) {
  for (const Json& route : seen.routes) {
    if (our_parents(seen, route).empty()) continue;
    const Name name = name_of(route);
    for (const Json& rule : at(at(route, "spec"), "rules")) {
      for (const Json& backend : at(rule, "backendRefs")) {
        const std::string kind = text_at(backend, "kind");
        const std::string space = text_at(backend, "namespace");
        const Name service{"Service", space.empty() ? name.space : space, text_at(backend, "name")};
        if ((!kind.empty() && kind != "Service") || !is_there(seen.services, service)) continue;
        if (ready_endpoints(seen, service) > 0) continue;
        found.push_back(
            {"backend-without-endpoints", "no pod stands behind a route: requests get 503",
             fmt::format("{} has no ready endpoint, and {} leads to it", to_string(service), to_string(name)),
             fmt::format("kubectl get pods,endpointslices -n {}", shell_word(service.space))});
      }
    }
  }
}

}  // namespace wasmup::doctor
