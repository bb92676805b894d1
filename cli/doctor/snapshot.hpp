// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../kubernetes/policy.hpp"
#include "../kubernetes/proxy.hpp"
#include "../traffic/check.hpp"

namespace wasmup::doctor {

using kubernetes::Json;

inline constexpr const char* controller_space = "envoy-gateway-system";
inline constexpr const char* controller_name = "envoy-gateway";
inline constexpr const char* cache_secret = "envoy-oidc-hmac";
inline constexpr const char* cache_secret_key = "hmac-secret";

/// What traffic through a Gateway was like, for a policy that says what it should be like.
/// Where it does not say: what any request gets.
struct Traffic {
  kubernetes::Name policy;
  kubernetes::Name gateway;
  bool is_known = false;     ///< whether the policy does say so
  std::string problem = {};  ///< why nothing could be sent; empty if something was
  std::optional<traffic::Report> report = {};
};

/// A proxy, and what stands in its log.
struct SeenProxy {
  kubernetes::Name gateway;
  kubernetes::Proxy proxy;
  std::string log;
};

/// A cluster, looked at once: the checks are functions of this alone.
struct Snapshot {
  std::string unreachable;             ///< why there is no more; empty if there is
  std::string unreachable_next;        ///< and what to do about it
  std::vector<std::string> forbidden;  ///< what could not be looked at, and why
  std::string server_version;
  std::vector<Json> crds;
  std::optional<Json> controller;  ///< its Deployment
  std::vector<Json> controller_pods;
  std::optional<Json> controller_service;
  std::optional<bool> cache_secret_has_key;  ///< nothing: there is no such secret
  bool knows_cache_secret = false;           ///< whether we were allowed to look
  std::string controller_log;
  std::vector<Json> classes;
  std::vector<Json> gateways;
  std::vector<Json> routes;
  std::vector<Json> services;
  std::vector<Json> endpoints;               ///< EndpointSlices
  std::vector<Json> policies;                ///< those with modules
  std::map<std::string, Json> pull_secrets;  ///< "NAMESPACE/NAME", and its type alone; none: not there
  std::vector<SeenProxy> proxies;
  std::vector<Traffic> traffic;
};

struct Gathering {
  const kubernetes::Kubectl& kubectl;
  const traffic::Means& means;
  std::string space;                       ///< policies of this namespace; empty: of all
  std::optional<kubernetes::Name> target;  ///< policies for this alone
};

/// Looks at everything once, changing nothing.
Snapshot gather(const Gathering& gathering);

}  // namespace wasmup::doctor
