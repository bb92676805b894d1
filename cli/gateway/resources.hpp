// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../error.hpp"
#include "state.hpp"

namespace wasmup::gateway {

/// KIND NAMESPACE/NAME, by which an object is known.
std::string key_of(const Json& object);

/// Puts objects in place of those with the same key, or behind the others; without a namespace of their own
/// they get `default_namespace`.
void merge(std::vector<Json> objects, const std::string& default_namespace, Objects& into);

/// Takes the objects with these objects' keys away; returns the keys of those that were not there.
std::vector<std::string> remove(std::vector<Json> objects, const std::string& default_namespace,
                                Objects& from);

/// The ports that Gateways want, as Objects::ports names them, and for which it has none yet.
std::vector<std::string> missing_ports(const Objects& objects);

/// What the controller must be given besides what was applied.
struct System {
  std::string envoy_version;
  uint16_t upstream_port = 0;
  std::string certificate = {};  ///< Envoy's, with its key and authority: PEM
  std::string key = {};
  std::string authority = {};
  uint16_t registry_port = 0;
  std::string registry_login = {};  ///< as Docker writes it
};

struct Resources {
  std::string text;  ///< as the controller's file provider takes them
  struct Note {
    std::string about;  ///< a key
    std::string text;
  };
  std::vector<Note> notes;  ///< on what is not as in a cluster
};

/// A cluster's objects as Envoy Gateway takes them without one: Services become Backends on this machine,
/// Gateways listen on ports that are free, what is pulled from our registry is pulled with its login, and
/// what only a cluster can run is left out.
Resources to_resources(const Objects& objects, const System& system);

/// The name of the one GatewayClass, and the namespace of what is ours.
inline constexpr const char* class_name = "eg";
inline constexpr const char* system_namespace = "envoy-gateway-system";

}  // namespace wasmup::gateway
