// SPDX-License-Identifier: MIT
#include "policy.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "json.hpp"

namespace wasmup::kubernetes {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> resources{{
    {"Gateway", "gateways.gateway.networking.k8s.io"},
    {"HTTPRoute", "httproutes.gateway.networking.k8s.io"},
    {"GRPCRoute", "grpcroutes.gateway.networking.k8s.io"},
    {"TCPRoute", "tcproutes.gateway.networking.k8s.io"},
    {"TLSRoute", "tlsroutes.gateway.networking.k8s.io"},
}};

constexpr std::string_view digest_mark = "@sha256:";

Name reference(const Json& from, const std::string& space) {
  return {text_at(from, "kind"), text_at(from, "namespace").empty() ? space : text_at(from, "namespace"),
          text_at(from, "name"), text_at(from, "sectionName")};
}

}  // namespace

std::string to_string(const Name& name) {
  const std::string space = name.space.empty() ? "" : name.space + "/";
  const std::string section = name.section.empty() ? "" : ", " + name.section;
  return fmt::format("{} {}{}{}", name.kind, space, name.name, section);
}

Name name_of(const Json& object) {
  const Json& metadata = at(object, "metadata");
  return {text_at(object, "kind"), text_at(metadata, "namespace"), text_at(metadata, "name")};
}

std::string resource_of(std::string_view kind) {
  const auto found = std::ranges::find(resources, kind, [](const auto& one) { return one.first; });
  return found == resources.end() ? "" : std::string(found->second);
}

std::vector<Condition> conditions_in(const Json& status) {
  std::vector<Condition> found;
  for (const Json& one : at(status, "conditions")) {
    found.push_back({text_at(one, "type"), text_at(one, "status") == "True", text_at(one, "reason"),
                     text_at(one, "message"), number_at(one, "observedGeneration")});
  }
  return found;
}

const Condition* find_condition(const std::vector<Condition>& conditions, std::string_view type) {
  const auto found = std::ranges::find(conditions, type, &Condition::type);
  return found == conditions.end() ? nullptr : &*found;
}

std::vector<Module> modules_of(const Json& policy) {
  std::vector<Module> modules;
  for (const Json& one : at(at(policy, "spec"), "wasm")) {
    const Json& code = at(one, "code");
    const bool is_image = !code.contains("http");
    const Json& source = at(code, is_image ? "image" : "http");
    const std::string url = text_at(source, "url");
    const size_t at_digest = is_image ? url.find(digest_mark) : url.npos;
    std::string digest = text_at(source, "sha256");
    if (digest.empty() && at_digest != url.npos) digest = url.substr(at_digest + digest_mark.size());
    modules.push_back({.name = text_at(one, "name"),
                       .url = url.substr(0, at_digest),
                       .digest = std::move(digest),
                       .is_image = is_image,
                       .pull_secret = text_at(at(source, "pullSecretRef"), "name"),
                       .fail_open = at(one, "failOpen") == true});
    for (const Json& key : at(at(one, "env"), "hostKeys")) {
      if (key.is_string()) modules.back().host_keys.push_back(key.get<std::string>());
    }
  }
  return modules;
}

std::vector<Name> targets_of(const Json& policy) {
  const std::string space = text_at(at(policy, "metadata"), "namespace");
  const Json& spec = at(policy, "spec");
  std::vector<Name> targets;
  for (const Json& one : at(spec, "targetRefs")) targets.push_back(reference(one, space));
  if (spec.contains("targetRef")) targets.push_back(reference(spec["targetRef"], space));
  return targets;
}

std::vector<Ancestor> ancestors_of(const Json& policy) {
  const std::string space = text_at(at(policy, "metadata"), "namespace");
  std::vector<Ancestor> found;
  for (const Json& one : at(at(policy, "status"), "ancestors")) {
    found.push_back({reference(at(one, "ancestorRef"), space), conditions_in(one)});
  }
  return found;
}

Acceptance acceptance_of(const Json& policy) {
  const int64_t generation = number_at(at(policy, "metadata"), "generation");
  const std::vector<Ancestor> ancestors = ancestors_of(policy);
  if (ancestors.empty()) return {Verdict::waiting, "no gateway has said anything about it"};
  Acceptance result{Verdict::accepted};
  for (const Ancestor& ancestor : ancestors) {
    const Condition* const accepted = find_condition(ancestor.conditions, "Accepted");
    if (accepted == nullptr || accepted->generation < generation) {
      result = {Verdict::waiting, to_string(ancestor.name) + " has not looked at it yet"};
    } else if (!accepted->holds) {
      return {Verdict::refused,
              fmt::format("{}: {}: {}", to_string(ancestor.name), accepted->reason, accepted->message)};
    }
  }
  return result;
}

}  // namespace wasmup::kubernetes
