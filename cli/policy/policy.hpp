// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"
#include "yaml.hpp"

namespace wasmup::policy {

inline constexpr std::string_view api_version = "gateway.envoyproxy.io/v1alpha1";
inline constexpr std::string_view kind = "EnvoyExtensionPolicy";

/// Envoy looks up a module that it has yet to fetch by its policy and by the environment keys beside it, not
/// by its bytes: by the same ones, a proxy finds the module that it runs already, and goes on with that. So a
/// pinned module has a key of its own there. There is no such variable, and the filter sees none.
inline constexpr std::string_view module_mark = "WASMUP_MODULE_";
std::string mark_of(const std::string& sha256);

/// What a policy is attached to.
struct Target {
  std::string kind;  ///< Gateway, HTTPRoute, GRPCRoute, ...
  std::string name;
  std::optional<std::string> section = {};  ///< a listener of a Gateway, a rule of a route
};

/// KIND/NAME; the kinds are those that Envoy Gateway knows. An error is one of usage.
Expected<Target> parse_target(std::string_view text);

/// Where a module comes from.
struct Source {
  enum class Kind { image, http };
  Kind kind = Kind::image;
  std::string url;
  std::optional<std::string> sha256 = {};  ///< of the image's manifest; of the module itself
};

/// Where the certificate is that signed the server's, under ca.crt.
struct Authority {
  std::string kind;  ///< Secret or ConfigMap
  std::string name;
};

/// NAME (of a Secret), Secret/NAME or ConfigMap/NAME. An error is one of usage.
Expected<Authority> parse_authority(std::string_view text);

/// One filter as a policy has it. What is not set is not written; in a change, it is left as it is.
struct Filter {
  std::optional<std::string> name = {};
  std::optional<std::string> root_id = {};
  std::optional<Source> source = {};
  std::optional<std::string> pull_policy = {};  ///< Always or IfNotPresent
  std::optional<std::string> pull_secret = {};  ///< a Secret's name, for an image
  std::optional<Authority> authority = {};      ///< for a server with an authority of its own
  std::optional<Document> config = {};          ///< any JSON
  std::optional<bool> fail_open = {};
  std::vector<std::string> host_keys = {};  ///< variables of Envoy's environment that the filter may read
};

/// An EnvoyExtensionPolicy. Its filters are run in this order.
struct Policy {
  std::optional<std::string> name = {};
  std::optional<std::string> namespace_name = {};
  std::vector<Target> targets = {};
  std::vector<Filter> filters = {};
};

/// A new policy; it may still be wrong: problems() says how. What update() would refuse is left out.
Document to_document(const Policy& policy);

/// A policy as YAML.
std::string to_yaml(const Policy& policy);

/// Changes an existing policy by what is set in `change`, and keeps all else, fields that we do not know too.
/// A filter with a name changes the one of that name, or is added; one without changes the only one there is.
/// An error is one of usage.
Expected<void> update(Document& document, const Policy& change);

}  // namespace wasmup::policy
