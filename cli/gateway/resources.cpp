// SPDX-License-Identifier: MIT
#include "resources.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <ranges>
#include <set>

#include "base64.hpp"

namespace wasmup::gateway {
namespace {

constexpr std::string_view core_group = "gateway.networking.k8s.io";
constexpr std::string_view envoy_group = "gateway.envoyproxy.io";
constexpr const char* login_name = "wasmup-registry";
constexpr std::string_view controller_name = "gateway.envoyproxy.io/gatewayclass-controller";

/// What the controller's file provider takes.
const std::set<std::string, std::less<>> taken{"Gateway",
                                               "HTTPRoute",
                                               "GRPCRoute",
                                               "TCPRoute",
                                               "TLSRoute",
                                               "UDPRoute",
                                               "ReferenceGrant",
                                               "Secret",
                                               "ConfigMap",
                                               "Namespace",
                                               "Backend",
                                               "BackendTLSPolicy",
                                               "EnvoyExtensionPolicy",
                                               "EnvoyPatchPolicy",
                                               "SecurityPolicy",
                                               "ClientTrafficPolicy",
                                               "BackendTrafficPolicy",
                                               "HTTPRouteFilter"};

std::string kind_of(const Json& object) { return object.at("kind"); }
std::string name_of(const Json& object) { return object.at("metadata").at("name"); }
std::string namespace_of(const Json& object) { return object.at("metadata").value("namespace", ""); }

std::string group_of(const Json& object) {
  const std::string version = object.at("apiVersion");
  const size_t slash = version.find('/');
  return slash == std::string::npos ? "" : version.substr(0, slash);
}

bool has_namespace(const std::string& kind) {
  return kind != "Namespace" && kind != "GatewayClass" && !kind.starts_with("Cluster") &&
         kind != "CustomResourceDefinition";
}

void put_into_namespace(Json& object, const std::string& default_namespace) {
  Json& metadata = object["metadata"];
  if (!has_namespace(kind_of(object))) {
    metadata.erase("namespace");
  } else if (!metadata.contains("namespace")) {
    metadata["namespace"] = default_namespace;
  }
}

auto find(std::vector<Json>& objects, const std::string& key) {
  return std::ranges::find_if(objects, [&](const Json& one) { return key_of(one) == key; });
}

std::string port_key(const Json& gateway, const Json& listener) {
  return fmt::format("{}/{}/{}", namespace_of(gateway), name_of(gateway), listener.at("port").get<int>());
}

bool has_port(const Json& listener) {
  return listener.is_object() && listener.contains("port") && listener["port"].is_number_integer();
}

const Json& listeners_of(const Json& gateway) {
  static const Json none = Json::array();
  const Json::json_pointer place("/spec/listeners");
  return gateway.contains(place) && gateway[place].is_array() ? gateway[place] : none;
}

/// One pass over what was applied.
class Translation {
 public:
  Translation(const Objects& objects, const System& system) : objects_(objects), system_(system) {}

  Resources run() && {
    add_ours();
    for (const Json& object : objects_.objects) take(object);
    for (const auto& [service, port] : services_) add_backend(service, port);
    for (const std::string& name : pulling_namespaces_) put(login_in(name));
    for (const std::string& name : namespaces_) {
      if (!named_namespaces_.contains(name)) put(object_of("v1", "Namespace", "", name));
    }
    return std::move(result_);
  }

 private:
  static Json object_of(std::string_view version, std::string_view kind, const std::string& where,
                        const std::string& name) {
    Json object{{"apiVersion", version}, {"kind", kind}, {"metadata", {{"name", name}}}};
    if (!where.empty()) object["metadata"]["namespace"] = where;
    return object;
  }

  void put(const Json& object) { result_.text += "---\n" + object.dump() + "\n"; }

  void note(const Json& object, std::string text) {
    result_.notes.push_back({key_of(object), std::move(text)});
  }

  /// The class, how its Envoys are run, and Envoy's certificate, which the controller checks when Envoy
  /// fetches a module from it.
  void add_ours() {
    Json gateway_class = object_of("gateway.networking.k8s.io/v1", "GatewayClass", "", class_name);
    gateway_class["spec"] = {{"controllerName", controller_name},
                             {"parametersRef",
                              {{"group", envoy_group},
                               {"kind", "EnvoyProxy"},
                               {"name", "wasmup"},
                               {"namespace", system_namespace}}}};
    put(gateway_class);
    Json proxy = object_of("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy", system_namespace, "wasmup");
    proxy["spec"] = {{"concurrency", 2},
                     {"extraArgs", {"--disable-hot-restart"}},
                     {"logging", {{"level", {{"default", "warn"}, {"wasm", "info"}}}}},
                     {"provider", {{"type", "Host"}, {"host", {{"envoyVersion", system_.envoy_version}}}}}};
    put(proxy);
    Json secret = object_of("v1", "Secret", system_namespace, "envoy");
    secret["type"] = "kubernetes.io/tls";
    secret["data"] = {{"tls.crt", base64(system_.certificate)},
                      {"tls.key", base64(system_.key)},
                      {"ca.crt", base64(system_.authority)}};
    put(secret);
  }

  void take(const Json& given) {
    const std::string kind = kind_of(given);
    const std::string group = group_of(given);
    if (kind == "GatewayClass") {
      return note(given, fmt::format("its Gateways are of the one class that is here, {}", class_name));
    }
    if (kind == "EnvoyProxy") return note(given, "left out: Envoy runs on this machine, not in a cluster");
    if (kind == "Service") return;  // what refers to it says where it leads
    const bool ours = group.empty() || group == core_group || group == envoy_group;
    if (!ours || !taken.contains(kind)) {
      return note(given, "left out: nothing runs here but the gateway and its upstream");
    }
    Json object = given;
    object.erase("status");
    if (kind == "Namespace") named_namespaces_.insert(name_of(object));
    if (has_namespace(kind)) namespaces_.insert(namespace_of(object));
    if (kind == "Secret") write_out_strings(object);
    if (kind == "Gateway") place_gateway(object);
    if (kind == "ReferenceGrant") grant_backends(object);
    if (kind == "EnvoyExtensionPolicy") give_login(object);
    if (object.contains("spec")) redirect(object["spec"], object, group == core_group ? "" : group);
    put(object);
  }

  /// A cluster does that when a Secret is written; the file provider does not.
  static void write_out_strings(Json& secret) {
    if (!secret.contains("stringData") || !secret["stringData"].is_object()) return;
    for (const auto& [name, value] : secret["stringData"].items()) {
      if (value.is_string()) secret["data"][name] = base64(value);
    }
    secret.erase("stringData");
  }

  void place_gateway(Json& gateway) {
    Json& spec = gateway["spec"];
    if (spec.value("gatewayClassName", Json(class_name)) != class_name) {
      note(gateway, fmt::format("of class {} here, not {}", class_name, spec["gatewayClassName"].dump()));
    }
    spec["gatewayClassName"] = class_name;
    if (spec.contains("infrastructure")) spec["infrastructure"].erase("parametersRef");
    if (!spec.contains("listeners") || !spec["listeners"].is_array()) return;
    for (Json& listener : spec["listeners"]) {
      if (!has_port(listener)) continue;
      const auto found = objects_.ports.find(port_key(gateway, listener));
      if (found != objects_.ports.end()) listener["port"] = found->second;
    }
  }

  /// Our registry asks for a login, which is nothing that a manifest for a cluster has.
  void give_login(Json& policy) {
    const Json::json_pointer place("/spec/wasm");
    if (!policy.contains(place) || !policy[place].is_array()) return;
    const Json::json_pointer image_place("/code/image");
    for (Json& filter : policy[place]) {
      if (!filter.contains(image_place) || !filter[image_place].is_object()) continue;
      Json& image = filter[image_place];
      if (image.contains("pullSecretRef") || !is_ours(image.value("url", Json()))) continue;
      image["pullSecretRef"] = {{"name", login_name}};
      pulling_namespaces_.insert(namespace_of(policy));
    }
  }

  bool is_ours(const Json& url) const {
    if (!url.is_string()) return false;
    std::string_view rest = url.get_ref<const std::string&>();
    constexpr std::string_view scheme = "oci://";
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    return std::ranges::any_of(std::array{"127.0.0.1", "localhost"}, [&](const char* host) {
      return rest.starts_with(fmt::format("{}:{}/", host, system_.registry_port));
    });
  }

  Json login_in(const std::string& where) const {
    Json secret = object_of("v1", "Secret", where, login_name);
    secret["type"] = "kubernetes.io/dockerconfigjson";
    secret["data"] = {{".dockerconfigjson", base64(system_.registry_login)}};
    return secret;
  }

  /// Who may refer to Services of another namespace may refer to the Backends in their place.
  static void grant_backends(Json& grant) {
    const Json::json_pointer place("/spec/to");
    if (!grant.contains(place) || !grant[place].is_array()) return;
    Json& to = grant[place];
    for (size_t i = 0, count = to.size(); i < count; ++i) {
      if (!to[i].is_object() || to[i].value("kind", Json()) != "Service") continue;
      Json backend = to[i];
      backend["group"] = envoy_group;
      backend["kind"] = "Backend";
      to.push_back(std::move(backend));
    }
  }

  /// Whatever names a Service as its backend gets a Backend, wherever in the object that is; and a route that
  /// names a port of its Gateway, the port there is.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the document
  void redirect(Json& value, const Json& owner, const std::string& name) {
    if (value.is_array()) {
      for (Json& one : value) redirect(one, owner, name);
      return;
    }
    if (!value.is_object()) return;
    if (name == "backendRefs" || name == "backendRef") redirect_backend(value, owner);
    if (name == "parentRefs") redirect_parent(value, owner);
    for (const auto& [member, inner] : value.items()) redirect(inner, owner, member);
  }

  void redirect_backend(Json& reference, const Json& owner) {
    const std::string kind = reference.value("kind", "Service");
    if (kind != "Service" || !reference.contains("name") || !reference["name"].is_string()) return;
    const std::string service = fmt::format("{}/{}", reference.value("namespace", namespace_of(owner)),
                                            reference["name"].get<std::string>());
    if (services_.insert({service, reference.value("port", 0)}).second) {
      const auto found = objects_.backends.find(service);
      note(owner,
           found == objects_.backends.end()
               ? fmt::format("Service {} is the built-in upstream here (--backend {}=HOST:PORT: another)",
                             service, service)
               : fmt::format("Service {} is {} here", service, found->second));
    }
    reference["group"] = envoy_group;
    reference["kind"] = "Backend";
    reference.erase("port");
  }

  void redirect_parent(Json& reference, const Json& owner) const {
    if (!reference.contains("port") || !reference["port"].is_number_integer()) return;
    const auto found = objects_.ports.find(
        fmt::format("{}/{}/{}", reference.value("namespace", namespace_of(owner)),
                    reference.value("name", std::string()), reference["port"].get<int>()));
    if (found != objects_.ports.end()) reference["port"] = found->second;
  }

  void add_backend(const std::string& service, int) {
    const size_t slash = service.find('/');
    const auto found = objects_.backends.find(service);
    std::string host = "127.0.0.1";
    int port = system_.upstream_port;
    if (found != objects_.backends.end()) {
      const size_t colon = found->second.rfind(':');
      host = found->second.substr(0, colon);
      port = std::stoi(found->second.substr(colon + 1));
    }
    Json backend = object_of("gateway.envoyproxy.io/v1alpha1", "Backend", service.substr(0, slash),
                             service.substr(slash + 1));
    const bool is_address = host.find_first_not_of("0123456789.") == std::string::npos;
    backend["spec"]["endpoints"] =
        Json::array({is_address ? Json{{"ip", {{"address", host}, {"port", port}}}}
                                : Json{{"fqdn", {{"hostname", host}, {"port", port}}}}});
    put(backend);
    namespaces_.insert(service.substr(0, slash));
  }

  const Objects& objects_;
  const System& system_;
  Resources result_;
  std::map<std::string, int> services_;  ///< that somebody refers to
  std::set<std::string> namespaces_{system_namespace};
  std::set<std::string> named_namespaces_;
  std::set<std::string> pulling_namespaces_;  ///< with policies that pull from our registry
};

}  // namespace

std::string key_of(const Json& object) {
  const std::string where = namespace_of(object);
  return kind_of(object) + " " + (where.empty() ? "" : where + "/") + name_of(object);
}

void merge(std::vector<Json> objects, const std::string& default_namespace, Objects& into) {
  for (Json& object : objects) {
    put_into_namespace(object, default_namespace);
    const auto found = find(into.objects, key_of(object));
    if (found == into.objects.end()) {
      into.objects.push_back(std::move(object));
    } else {
      *found = std::move(object);
    }
  }
}

std::vector<std::string> remove(std::vector<Json> objects, const std::string& default_namespace,
                                Objects& from) {
  std::vector<std::string> missing;
  for (Json& object : objects) {
    put_into_namespace(object, default_namespace);
    const auto found = find(from.objects, key_of(object));
    if (found == from.objects.end()) {
      missing.push_back(key_of(object));
    } else {
      from.objects.erase(found);
    }
  }
  return missing;
}

std::vector<std::string> missing_ports(const Objects& objects) {
  std::vector<std::string> missing;
  for (const Json& object : objects.objects) {
    if (kind_of(object) != "Gateway") continue;
    for (const Json& listener : listeners_of(object)) {
      if (!has_port(listener)) continue;
      const std::string key = port_key(object, listener);
      if (!objects.ports.contains(key) && std::ranges::find(missing, key) == missing.end())
        missing.push_back(key);
    }
  }
  return missing;
}

Resources to_resources(const Objects& objects, const System& system) {
  return Translation(objects, system).run();
}

}  // namespace wasmup::gateway
