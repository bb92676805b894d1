// SPDX-License-Identifier: MIT
#include "policy.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../http/header.hpp"
#include "../text/object_name.hpp"
#include "../text/suggestion.hpp"

namespace wasmup::policy {
namespace {

constexpr const char* group = "gateway.networking.k8s.io";
const std::vector<std::string> kinds{"Gateway",  "HTTPRoute", "GRPCRoute", "ListenerSet",
                                     "TCPRoute", "TLSRoute",  "UDPRoute"};

Document target(const Target& target) {
  Document reference{{"group", group}, {"kind", target.kind}, {"name", target.name}};
  if (target.section) reference["sectionName"] = *target.section;
  return reference;
}

void set_source(Document& code, const Source& source) {
  const bool is_image = source.kind == Source::Kind::image;
  code.erase(is_image ? "http" : "image");
  code["type"] = is_image ? "Image" : "HTTP";
  Document& fields = code[is_image ? "image" : "http"];
  if (!fields.is_object()) fields = Document::object();
  fields["url"] = source.url;
  fields.erase("sha256");  // the old one is of the old module
  if (!source.sha256) return;
  fields["sha256"] = *source.sha256;
  // By its digest it is pulled whatever has become of the tag: else, once the tag has moved, the gateway
  // refuses the image at its next start.
  if (is_image && !source.url.contains('@')) fields["url"] = source.url + "@sha256:" + *source.sha256;
}

/// What the filter may read of Envoy's environment, and the mark of a pinned module.
void set_host_keys(Document& entry, const Filter& filter) {
  Document& env = entry["env"];
  if (!env.is_object()) env = Document::object();
  Document kept = Document::array();
  Document marks = Document::array();
  for (const Document& key : env.value("hostKeys", Document::array())) {
    const bool is_mark = key.is_string() && key.get_ref<const std::string&>().starts_with(module_mark);
    (is_mark ? marks : kept).push_back(key);
  }
  if (!filter.host_keys.empty()) kept = filter.host_keys;
  if (filter.source) marks.clear();  // it is of the old module
  if (filter.source && filter.source->sha256) marks.push_back(mark_of(*filter.source->sha256));
  for (Document& one : marks) kept.push_back(std::move(one));
  env["hostKeys"] = std::move(kept);
  if (env["hostKeys"].empty()) env.erase("hostKeys");
  if (env.empty()) entry.erase("env");
}

/// Expects objects where there are to be some: update() has seen to it.
Expected<void> set_filter(Document& entry, const Filter& filter) {
  if (filter.name) entry["name"] = *filter.name;
  if (filter.root_id) entry["rootID"] = *filter.root_id;
  Document& code = entry["code"];
  if (!code.is_object()) code = Document::object();
  if (filter.source) set_source(code, *filter.source);
  if (filter.pull_policy) code["pullPolicy"] = *filter.pull_policy;
  if (filter.pull_secret) {
    if (!code.contains("image") || !code["image"].is_object()) {
      return std::unexpected(Error{ExitCode::usage, "a pull secret is for images",
                                   "this filter comes by HTTP", "--source image REF"});
    }
    code["image"]["pullSecretRef"] = {{"name", *filter.pull_secret}};
  }
  if (filter.authority) {
    const std::string source = code.value("type", "") == "HTTP" ? "http" : "image";
    if (!code.contains(source) || !code[source].is_object()) {
      return std::unexpected(Error{ExitCode::usage, "whose authority is it?", "this filter has no source",
                                   "--source image REF, or --source http URL"});
    }
    code[source]["tls"] = {
        {"caCertificateRef", {{"kind", filter.authority->kind}, {"name", filter.authority->name}}}};
  }
  if (filter.config) entry["config"] = *filter.config;
  if (filter.fail_open) entry["failOpen"] = *filter.fail_open;
  set_host_keys(entry, filter);
  return {};
}

std::unexpected<Error> cannot_change(const std::string& seen, const std::string& next) {
  return std::unexpected(Error{ExitCode::usage, "the policy cannot be changed so", seen, next});
}

/// The entry of `list` that a change is about.
Expected<Document*> find_filter(Document& list, const Filter& filter) {
  if (filter.name) {
    const auto is_it = [&](const Document& entry) {
      return entry.is_object() && entry.value("name", Document()) == *filter.name;
    };
    const auto found = std::ranges::find_if(list, is_it);
    if (found != list.end()) return &*found;
    if (!filter.source) {
      return cannot_change(fmt::format("it has no filter {}, and a new one needs a module", *filter.name),
                           "--source image HOST/NAME:TAG");
    }
    list.push_back(Document::object());
    return &list.back();
  }
  if (list.empty()) list.push_back(Document::object());
  if (list.size() != 1)
    return cannot_change(fmt::format("it has {} filters", list.size()), "--filter NAME says which is meant");
  if (!list[0].is_object()) return cannot_change("spec.wasm[0] is no mapping", "");
  return &list[0];
}

}  // namespace

std::string mark_of(const std::string& sha256) {
  constexpr size_t digits = 12;
  return std::string(module_mark) + sha256.substr(0, digits);
}

Expected<Target> parse_target(std::string_view text) {
  constexpr const char* next = "--target HTTPRoute/NAME, or Gateway/NAME";
  const size_t slash = text.find('/');
  if (slash == text.npos || slash + 1 == text.size()) {
    return std::unexpected(Error{ExitCode::usage, fmt::format("--target does not understand '{}'", text),
                                 "it is a kind and a name, with a slash between", next});
  }
  const std::string kind(text.substr(0, slash));
  const std::string name(text.substr(slash + 1));
  if (!text::is_object_name(name)) {
    return std::unexpected(Error{ExitCode::usage, fmt::format("--target does not understand '{}'", text),
                                 text::object_name_rule, next});
  }
  // As kubectl does, it takes httproute for HTTPRoute.
  const auto known = std::ranges::find(kinds, http::lower(kind), http::lower);
  if (known != kinds.end()) return Target{*known, name};
  const std::string nearest = text::nearest(kind, kinds);
  return std::unexpected(Error{ExitCode::usage, fmt::format("a policy cannot be attached to a {}", kind),
                               nearest.empty() ? fmt::format("but to: {}", fmt::join(kinds, ", "))
                                               : fmt::format("did you mean {}?", nearest),
                               next});
}

Expected<Authority> parse_authority(std::string_view text) {
  const size_t slash = text.find('/');
  Authority authority{"Secret", std::string(text)};
  if (slash != text.npos)
    authority = {std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
  const bool is_kind = authority.kind == "Secret" || authority.kind == "ConfigMap";
  if (is_kind && text::is_object_name(authority.name)) return authority;
  return std::unexpected(Error{ExitCode::usage, fmt::format("--ca-ref does not understand '{}'", text),
                               "it is Secret/NAME or ConfigMap/NAME", "--ca-ref ConfigMap/registry-ca"});
}

Document to_document(const Policy& policy) {
  Document document{{"apiVersion", api_version},
                    {"kind", kind},
                    {"metadata", Document::object()},
                    {"spec", Document::object()}};
  [[maybe_unused]] const Expected<void> updated = update(document, policy);
  return document;
}

std::string to_yaml(const Policy& policy) { return write_yaml(to_document(policy)); }

Expected<void> update(Document& document, const Policy& change) {
  if (!document.is_object() || document.value("kind", Document()) != kind) {
    return cannot_change("it is no EnvoyExtensionPolicy", "");
  }
  for (const char* const part : {"metadata", "spec"}) {
    if (!document.contains(part)) document[part] = Document::object();
    if (!document[part].is_object()) return cannot_change(fmt::format("{} is no mapping", part), "");
  }
  Document& metadata = document["metadata"];
  if (change.name) metadata["name"] = *change.name;
  if (change.namespace_name) metadata["namespace"] = *change.namespace_name;
  Document& spec = document["spec"];
  if (!change.targets.empty()) {
    spec.erase("targetRef");  // the old way to say it, and there may be only one
    Document& list = spec["targetRefs"] = Document::array();
    for (const Target& one : change.targets) list.push_back(target(one));
  }
  if (change.filters.empty()) return {};
  Document& list = spec["wasm"];
  if (list.is_null()) list = Document::array();
  if (!list.is_array()) return cannot_change("spec.wasm is no list", "");
  const bool is_new = list.empty();
  for (const Filter& filter : change.filters) {
    // Filters of a new policy need no names to be told apart.
    Expected<Document*> entry =
        is_new ? Expected<Document*>(&list.emplace_back(Document::object())) : find_filter(list, filter);
    if (!entry) return std::unexpected(entry.error());
    if (const Expected<void> set = set_filter(**entry, filter); !set) return set;
  }
  return {};
}

}  // namespace wasmup::policy
