// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kubectl.hpp"

namespace wasmup::kubernetes {

inline constexpr const char* policies = "envoyextensionpolicies.gateway.envoyproxy.io";

/// An object of the cluster.
struct Name {
  std::string kind;  ///< "HTTPRoute"
  std::string space;
  std::string name;
  std::string section = {};  ///< of a Gateway: a listener; of a route: a rule

  bool operator==(const Name&) const = default;
};

/// "HTTPRoute wasmup/backend".
std::string to_string(const Name& name);

/// An object's own name and namespace.
Name name_of(const Json& object);

/// The kind as kubectl takes it: "httproutes.gateway.networking.k8s.io". Empty for one we do not know.
std::string resource_of(std::string_view kind);

struct Condition {
  std::string type;
  bool holds = false;
  std::string reason;
  std::string message;
  int64_t generation = 0;  ///< of the object it is about
};

std::vector<Condition> conditions_in(const Json& status);
const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type);

/// What a gateway says of a policy, at one of the places where it would work.
struct Ancestor {
  Name name;
  std::vector<Condition> conditions;
};

/// One of the modules of a policy.
struct Module {
  std::string name;
  std::string url;     ///< of the image without its digest, or of the file
  std::string digest;  ///< pinned: of the image's manifest, or of the file; empty if it is not
  bool is_image = true;
  std::string pull_secret;
  bool fail_open = false;
  std::vector<std::string> host_keys = {};  ///< of Envoy's environment
};

std::vector<Module> modules_of(const Json& policy);
std::vector<Name> targets_of(const Json& policy);
std::vector<Ancestor> ancestors_of(const Json& policy);

enum class Verdict { waiting, accepted, refused };

struct Acceptance {
  Verdict verdict = Verdict::waiting;
  std::string reason = {};  ///< in the gateway's own words, with the place; why it still waits
};

/// Of the policy as it is now: what is said of an older generation does not count. Accepted by all of at
/// least one ancestor, refused as soon as one refuses.
Acceptance acceptance_of(const Json& policy);

}  // namespace wasmup::kubernetes
