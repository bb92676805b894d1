// SPDX-License-Identifier: MIT
#include "schema.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <regex>
#include <set>

#include "../text/json.hpp"
#include "../text/suggestion.hpp"
#include "policy.hpp"
#include "schema_text.hpp"

namespace wasmup::policy {
namespace {

using Problems = std::vector<Problem>;

std::string member(const std::string& field, const std::string& name) {
  return field.empty() ? name : field + "." + name;
}

std::string_view type_of(const Document& value) {
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  return value.is_number() ? "number" : "null";
}

std::string_view in_words(std::string_view type) {
  if (type == "object") return "a mapping";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  if (type == "integer") return "a whole number";
  return type == "number" ? "a number" : "nothing";
}

// --- the structural schema: the words that envoy_extension_policy.schema.json uses
// --------------------------

void check_value(const Document& schema, const Document& value, const std::string& field, Problems& problems);

void check_object(const Document& schema, const Document& value, const std::string& field,
                  Problems& problems) {
  for (const Document& name : schema.value("required", Document::array())) {
    if (!value.contains(name.get<std::string>()))
      problems.push_back({member(field, name.get<std::string>()), "is missing"});
  }
  const Document properties = schema.value("properties", Document::object());
  std::vector<std::string> known;
  for (const auto& [name, property] : properties.items()) known.push_back(name);
  for (const auto& [name, item] : value.items()) {
    if (properties.contains(name)) {
      check_value(properties[name], item, member(field, name), problems);
    } else if (schema.contains("additionalProperties")) {
      check_value(schema["additionalProperties"], item, member(field, name), problems);
    } else if (!schema.value("x-kubernetes-preserve-unknown-fields", false)) {
      const std::string nearest = text::nearest(name, known);
      problems.push_back({member(field, name),
                          nearest.empty() ? fmt::format("is unknown; there are: {}", fmt::join(known, ", "))
                                          : fmt::format("is unknown: did you mean {}?", nearest)});
    }
  }
}

void check_array(const Document& schema, const Document& value, const std::string& field,
                 Problems& problems) {
  if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<size_t>()) {
    problems.push_back({field, fmt::format("has {} entries, and may have {}", value.size(),
                                           schema["maxItems"].get<size_t>())});
  }
  for (size_t at = 0; at < value.size(); ++at)
    check_value(schema["items"], value[at], fmt::format("{}[{}]", field, at), problems);
}

void check_string(const Document& schema, const std::string& value, const std::string& field,
                  Problems& problems) {
  constexpr size_t most_shown = 80;
  const auto shown = [&] { return value.size() > most_shown ? value.substr(0, most_shown) + "..." : value; };
  if (schema.contains("minLength") && value.size() < schema["minLength"].get<size_t>())
    problems.push_back({field, "must not be empty"});
  if (schema.contains("maxLength") && value.size() > schema["maxLength"].get<size_t>()) {
    problems.push_back({field, fmt::format("has {} characters, and may have {}", value.size(),
                                           schema["maxLength"].get<size_t>())});
    return;
  }
  // Only those of names, which have a length: the others say nothing that could not be said of any text.
  if (schema.contains("pattern") && schema.contains("maxLength") && !value.empty() &&
      !std::regex_match(value, std::regex(schema["pattern"].get<std::string>()))) {
    problems.push_back(
        {field, fmt::format("'{}' is no name: small letters and digits, with '-' between", shown())});
  }
}

void check_value(const Document& schema, const Document& value, const std::string& field,
                 Problems& problems) {
  const std::string type = schema.value("type", "");
  if (!type.empty() && type != type_of(value) && !(type == "number" && value.is_number())) {
    problems.push_back(
        {field, fmt::format("must be {}, and is {}", in_words(type), in_words(type_of(value)))});
    return;
  }
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
    std::vector<std::string> choices;
    for (const Document& choice : schema["enum"]) choices.push_back(choice.get<std::string>());
    problems.push_back({field, fmt::format("is {}, and may be: {}",
                                           value.dump(-1, ' ', false, Document::error_handler_t::replace),
                                           fmt::join(choices, ", "))});
  }
  for (const Document& also : schema.value("allOf", Document::array())) {
    const size_t before = problems.size();
    check_value(also, value, field, problems);
    if (problems.size() > before) return;  // the others would say the same
  }
  if (value.is_object()) check_object(schema, value, field, problems);
  if (value.is_array() && schema.contains("items")) check_array(schema, value, field, problems);
  if (value.is_string()) check_string(schema, value.get<std::string>(), field, problems);
}

// --- what the CEL rules mean, and the gateway besides
// --------------------------------------------------------

const std::set<std::string> routes{"HTTPRoute", "GRPCRoute", "UDPRoute", "TCPRoute", "TLSRoute"};

std::string text_of(const Document& object, const char* name) {
  return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : "";
}

void check_target(const Document& target, const std::string& field, bool merges, Problems& problems) {
  if (!target.is_object()) return;
  const std::string kind = text_of(target, "kind");
  if (target.contains("group") && text_of(target, "group") != "gateway.networking.k8s.io") {
    problems.push_back({member(field, "group"), "must be gateway.networking.k8s.io"});
  }
  if (!kind.empty() && kind != "Gateway" && kind != "ListenerSet" && !routes.contains(kind)) {
    problems.push_back({member(field, "kind"), fmt::format("is {}, and may be: Gateway, ListenerSet, {}",
                                                           kind, fmt::join(routes, ", "))});
  } else if (merges && !routes.contains(kind)) {
    problems.push_back(
        {"spec.mergeType", fmt::format("is for policies of routes, and {} is a {}", field, kind)});
  }
}

void check_targets(const Document& spec, Problems& problems) {
  const bool one = spec.contains("targetRef");
  const bool several = spec.contains("targetRefs");
  const Document selectors = spec.value("targetSelectors", Document::array());
  const bool selects = selectors.is_array() && !selectors.empty();
  if (one == several && !selects) {
    problems.push_back({"spec.targetRefs",
                        one ? "and targetRef exclude each other" : "is missing: what is the policy for?"});
  }
  const bool merges = spec.contains("mergeType");
  if (merges && text_of(spec, "mergeType") == "Replace")
    problems.push_back({"spec.mergeType", "must not be Replace"});
  if (one) check_target(spec["targetRef"], "spec.targetRef", merges, problems);
  for (const char* const name : {"targetRefs", "targetSelectors"}) {
    const Document list = spec.value(name, Document::array());
    if (!list.is_array()) continue;
    for (size_t at = 0; at < list.size(); ++at)
      check_target(list[at], fmt::format("spec.{}[{}]", name, at), merges, problems);
  }
}

bool is_sha256(const Document& value) {
  static const std::regex digits("[0-9a-f]{64}");
  return value.is_string() && value.get<std::string>().size() == 64 &&
         std::regex_match(value.get<std::string>(), digits);
}

void check_code(const Document& code, const std::string& field, Problems& problems) {
  for (const auto& [type, part] : {std::pair{"HTTP", "http"}, {"Image", "image"}}) {
    const bool is_it = text_of(code, "type") == type;
    const std::string name = member(field, part);
    if (is_it && !code.contains(part))
      problems.push_back({name, fmt::format("is missing: the type is {}", type)});
    if (!is_it && code.contains(part))
      problems.push_back({name, fmt::format("is there, and the type is not {}", type)});
    if (!code.contains(part) || !code[part].is_object()) continue;
    const Document& source = code[part];
    if (text_of(source, "url").empty() && source.contains("url"))
      problems.push_back({member(name, "url"), "is empty"});
    // The schema takes any text; the gateway then finds that no module has such a digest.
    if (source.contains("sha256") && source["sha256"].is_string() && !is_sha256(source["sha256"])) {
      problems.push_back({member(name, "sha256"), "must be 64 digits of 0-9a-f, without 'sha256:'"});
    }
    for (const Document& secret : {source.value("pullSecretRef", Document())}) {
      if (secret.is_object() && secret.value("kind", Document("Secret")) != "Secret") {
        problems.push_back({member(name, "pullSecretRef.kind"), "must be Secret"});
      }
    }
  }
}

void check_head(const Document& policy, Problems& problems) {
  if (text_of(policy, "apiVersion") != api_version)
    problems.push_back({"apiVersion", fmt::format("must be {}", api_version)});
  if (text_of(policy, "kind") != kind) problems.push_back({"kind", fmt::format("must be {}", kind)});
  static const std::regex name_pattern(R"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)");
  const Document metadata = policy.value("metadata", Document::object());
  if (!metadata.is_object()) return;
  constexpr size_t longest = 253;
  for (const char* const field : {"name", "namespace"}) {
    const std::string name = text_of(metadata, field);
    if (name.empty() && (std::string_view(field) == "name" || metadata.contains(field))) {
      problems.push_back({member("metadata", field), "is missing"});
    } else if (!name.empty() && (name.size() > longest || !std::regex_match(name, name_pattern))) {
      problems.push_back({member("metadata", field),
                          fmt::format("'{}' is no name: small letters and digits, with '-' between", name)});
    }
  }
}

}  // namespace

std::vector<Problem> problems(const Document& policy) {
  static const Document schema = text::parse_json<Document>(schema_text);
  Problems problems;
  check_value(schema, policy, "", problems);
  if (!policy.is_object()) return problems;
  check_head(policy, problems);
  const Document spec = policy.value("spec", Document::object());
  if (!spec.is_object()) return problems;
  check_targets(spec, problems);
  const Document filters = spec.value("wasm", Document::array());
  if (!filters.is_array()) return problems;
  for (size_t at = 0; at < filters.size(); ++at) {
    if (!filters[at].is_object() || !filters[at].contains("code") || !filters[at]["code"].is_object())
      continue;
    check_code(filters[at]["code"], fmt::format("spec.wasm[{}].code", at), problems);
  }
  return problems;
}

Expected<void> check(const Document& policy) {
  const std::vector<Problem> all = problems(policy);
  if (all.empty()) return {};
  std::string seen;
  for (const Problem& problem : all) {
    seen += fmt::format("{}{} {}", seen.empty() ? "" : "\n",
                        problem.field.empty() ? "the document" : problem.field, problem.why);
  }
  return std::unexpected(
      Error{ExitCode::usage, "Envoy Gateway would refuse this policy", seen, "wasmup manifest --help"});
}

}  // namespace wasmup::policy
