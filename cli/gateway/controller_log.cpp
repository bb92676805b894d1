// SPDX-License-Identifier: MIT
#include "controller_log.hpp"

#include <nlohmann/json.hpp>

#include "../text/bounded_yaml.hpp"
#include "../text/json.hpp"

namespace wasmup::gateway {
namespace {

using Json = nlohmann::json;

std::string text(const YAML::Node& node) { return node.IsScalar() ? node.Scalar() : std::string(); }

std::vector<Condition> conditions_in(const YAML::Node& list) {
  std::vector<Condition> conditions;
  for (const YAML::Node& one : list) {
    conditions.push_back(
        {text(one["type"]), text(one["status"]) == "True", text(one["reason"]), text(one["message"])});
  }
  return conditions;
}

/// A policy has a verdict for each target (ancestors), a route for each Gateway (parents), others have one.
std::vector<Verdict> verdicts_in(const YAML::Node& status) {
  std::vector<Verdict> verdicts;
  if (status["conditions"]) verdicts.push_back({"", conditions_in(status["conditions"])});
  for (const auto& [list, reference] : {std::pair{"ancestors", "ancestorRef"}, {"parents", "parentRef"}}) {
    for (const YAML::Node& one : status[list]) {
      verdicts.push_back({text(one[reference]["kind"]) + " " + text(one[reference]["name"]),
                          conditions_in(one["conditions"])});
    }
  }
  return verdicts;
}

std::string value(const Json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

/// All but what is known of every controller there was.
void ControllerLog::forget() {
  ControllerLog afresh;
  afresh.starts_ = starts_;
  afresh.panics_ = panics_;
  afresh.panic_ = std::move(panic_);
  *this = std::move(afresh);
}

void ControllerLog::add(std::string_view line) {
  if (line == start_line) {
    forget();
    ++starts_;
    return;
  }
  if (line.starts_with("panic: ") || line.starts_with("fatal error: ")) {  // the Go runtime's last words
    ++panics_;
    panic_ = line;
    return;
  }
  const Json entry = text::parse_json(line);
  if (!entry.is_object()) return;  // a library's own words
  const std::string message = value(entry, "msg");
  if (value(entry, "level") == "error") last_error_ = message + ": " + value(entry, "error");
  if (message == "observed a panic") {
    ++panics_;
    panic_ = "panic: " + value(entry, "error");
  }
  if (message == "reload resources finished") {
    ++reloads_;
    reload_error_.clear();
  } else if (message.starts_with("error when reload resources") ||
             message.starts_with("failed to reload resources")) {
    ++reloads_;
    reload_error_ = value(entry, "error");
  } else if (message == "start reconcile" ||
             (message == "received an update" && value(entry, "logger") == "gateway-api")) {
    ++begun_;
  } else if (message == "reconcile finished") {
    --begun_;
  } else if (message == "update envoyproxy status") {
    --begun_;  // the last word on a translation
    ++translations_;
  }
  constexpr std::string_view news = "Got new status for ";
  const size_t end = message.find('\n');
  if (!message.starts_with(news) || end == std::string::npos) return;
  try {
    verdicts_[message.substr(news.size(), end - news.size()) + " " + value(entry, "key")] =
        verdicts_in(text::load_bounded(message.substr(end + 1)));
  } catch (const YAML::Exception&) {
    return;  // not a status after all
  }
}

const std::vector<Verdict>* ControllerLog::verdicts(const std::string& key) const {
  const auto found = verdicts_.find(key);
  return found == verdicts_.end() ? nullptr : &found->second;
}

}  // namespace wasmup::gateway
