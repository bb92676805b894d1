// SPDX-License-Identifier: MIT
#include "revision.hpp"

#include <charconv>

#include "../kubernetes/json.hpp"
#include "../text/json.hpp"

namespace wasmup::deployment {
namespace {

using kubernetes::at;
using kubernetes::Json;
using kubernetes::text_at;

std::string annotation(const Json& policy, const char* key) {
  return text_at(at(at(policy, "metadata"), "annotations"), key);
}

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Json to_json(const Revision& revision) {
  return {{"revision", revision.number}, {"spec", revision.spec}, {"requests", revision.requests}};
}

/// As many of the newest as there is room for.
std::string to_text(const std::vector<Revision>& history) {
  Json all = Json::array();
  for (const Revision& one : history) {
    if (all.size() == most_revisions) break;
    all.push_back(to_json(one));
    if (all.dump().size() <= most_history_bytes) continue;
    all.erase(all.size() - 1);
    break;
  }
  return all.dump();
}

}  // namespace

bool is_ours(const Json& policy) {
  return text_at(at(at(policy, "metadata"), "labels"), managed_by) == kubernetes::field_manager;
}

Revision current_revision(const Json& policy) {
  return {number_in(annotation(policy, revision_key)), at(policy, "spec"), annotation(policy, requests_key)};
}

std::vector<Revision> history_of(const Json& policy) {
  std::vector<Revision> history;
  for (const Json& one : text::parse_json(annotation(policy, history_key))) {
    if (!at(one, "spec").is_object()) continue;
    history.push_back({static_cast<int>(kubernetes::number_at(one, "revision")), at(one, "spec"),
                       text_at(one, "requests")});
  }
  return history;
}

Json next_policy(const std::optional<Json>& before, const kubernetes::Name& name, const Json& spec,
                 const std::string& requests) {
  Revision next{1, spec, requests};
  std::vector<Revision> history;
  if (before) {
    const Revision current = current_revision(*before);
    history = history_of(*before);
    const bool same = current.spec == spec && current.requests == requests;
    next.number = same ? current.number : current.number + 1;
    if (!same) history.insert(history.begin(), current);
  }
  Json annotations{{revision_key, std::to_string(next.number)}, {history_key, to_text(history)}};
  if (!requests.empty()) annotations[requests_key] = requests;
  return {{"apiVersion", "gateway.envoyproxy.io/v1alpha1"},
          {"kind", "EnvoyExtensionPolicy"},
          {"metadata",
           {{"name", name.name},
            {"namespace", name.space},
            {"labels", {{managed_by, kubernetes::field_manager}}},
            {"annotations", std::move(annotations)}}},
          {"spec", spec}};
}

}  // namespace wasmup::deployment
