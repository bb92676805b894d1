// SPDX-License-Identifier: MIT
#include "gateways.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "json.hpp"

namespace wasmup::kubernetes {
namespace {

/// The listener that is meant, if it speaks HTTP without TLS.
const Json* find_listener(const Json& gateway, const std::string& section) {
  for (const Json& listener : at(at(gateway, "spec"), "listeners")) {
    const bool is_meant = section.empty() || text_at(listener, "name") == section;
    if (is_meant && text_at(listener, "protocol") == "HTTP") return &listener;
  }
  return nullptr;
}

/// "*.example.com" is taken for "any.example.com".
std::string concrete(std::string host) {
  if (host.starts_with("*.")) host.replace(0, 1, "any");
  return host;
}

}  // namespace

std::vector<Name> gateways_of(const Json& target) {
  const Name self = name_of(target);
  if (self.kind == "Gateway") return {self};
  std::vector<Name> gateways;
  for (const Json& parent : at(at(target, "spec"), "parentRefs")) {
    const std::string kind = text_at(parent, "kind");
    if (!kind.empty() && kind != "Gateway") continue;
    const std::string space = text_at(parent, "namespace");
    gateways.push_back({"Gateway", space.empty() ? self.space : space, text_at(parent, "name"),
                        text_at(parent, "sectionName")});
  }
  return gateways;
}

Labels labels_of_proxies(const Name& gateway) {
  return {{"gateway.envoyproxy.io/owning-gateway-name", gateway.name},
          {"gateway.envoyproxy.io/owning-gateway-namespace", gateway.space}};
}

std::string host_for(const Json& target) {
  const Json& spec = at(target, "spec");
  for (const Json& host : at(spec, "hostnames")) {
    if (host.is_string()) return concrete(host.get<std::string>());
  }
  for (const Json& listener : at(spec, "listeners")) {
    if (const std::string host = text_at(listener, "hostname"); !host.empty()) return concrete(host);
  }
  return "";
}

std::string path_for(const Json& target) {
  for (const Json& rule : at(at(target, "spec"), "rules")) {
    for (const Json& match : at(rule, "matches")) {
      const Json& path = at(match, "path");
      if (text_at(path, "type") != "RegularExpression" && !text_at(path, "value").empty()) {
        return text_at(path, "value");
      }
    }
  }
  return "/";
}

std::optional<uint16_t> http_port(const Json& gateway, const std::string& section) {
  const Json* const listener = find_listener(gateway, section);
  if (listener == nullptr) return std::nullopt;
  return static_cast<uint16_t>(number_at(*listener, "port"));
}

std::optional<std::string> address_of(const Json& gateway, const std::string& section) {
  const auto port = http_port(gateway, section);
  const Json& addresses = at(at(gateway, "status"), "addresses");
  if (!port || !addresses.is_array() || addresses.empty()) return std::nullopt;
  const std::string host = text_at(addresses.front(), "value");
  if (host.empty()) return std::nullopt;
  return fmt::format("http://{}:{}", host.contains(':') ? "[" + host + "]" : host, *port);
}

Expected<Entrance> forward_to(const Kubectl& kubectl, const Json& gateway, const std::string& section) {
  const Name name = name_of(gateway);
  const auto port = http_port(gateway, section);
  if (!port) {
    return std::unexpected(
        Error{ExitCode::refused, to_string(name) + " has no listener to ask",
              "none of its listeners speaks HTTP without TLS",
              kubectl.line({"get", resource_of("Gateway"), name.name, "-n", name.space, "-o", "yaml"})});
  }
  const auto services = kubectl.list("services", "", labels_of_proxies(name));
  if (!services) return std::unexpected(services.error());
  if (services->empty()) {
    return std::unexpected(Error{ExitCode::refused, to_string(name) + " has no proxy",
                                 "no Service has the labels " + to_string(labels_of_proxies(name)),
                                 "wasmup doctor"});
  }
  const Name service = name_of(services->front());
  auto forward = kubectl.forward(service.space, "service/" + service.name, *port);
  if (!forward) return std::unexpected(forward.error());
  std::string url = fmt::format("http://127.0.0.1:{}", forward->port());
  return Entrance{std::move(url), *std::move(forward)};
}

}  // namespace wasmup::kubernetes
