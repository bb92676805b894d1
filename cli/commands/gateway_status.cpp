// SPDX-License-Identifier: MIT
#include "gateway_status.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "../text/json_text.hpp"

namespace wasmup::commands {
namespace {

using gateway::Json;
using gateway::Verdict;
using terminal::Style;

/// No load balancer gives a Gateway an address here: that it has none is no news.
bool matters(const gateway::Condition& condition) { return condition.reason != "AddressNotAssigned"; }

bool has_verdict(const std::string& key) {
  for (const char* kind : {"Secret ", "ConfigMap ", "Namespace ", "ReferenceGrant ", "Service "}) {
    if (key.starts_with(kind)) return false;
  }
  return true;
}

std::string reason_of(const gateway::Condition& condition) {
  return fmt::format("{}={}: {}", condition.type, condition.holds ? "True" : "False", condition.message);
}

/// What is wrong with an object, a line for each condition that does not hold.
std::vector<std::string> complaints(const std::vector<Verdict>& verdicts) {
  std::vector<std::string> lines;
  for (const Verdict& verdict : verdicts) {
    for (const gateway::Condition& condition : verdict.conditions) {
      if (!condition.holds && matters(condition)) lines.push_back(reason_of(condition));
    }
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

Json json_of(const std::vector<Verdict>* verdicts) {
  if (verdicts == nullptr) return nullptr;
  Json list = Json::array();
  for (const Verdict& verdict : *verdicts) {
    Json conditions = Json::array();
    for (const gateway::Condition& condition : verdict.conditions) {
      conditions.push_back({{"type", condition.type},
                            {"status", condition.holds ? "True" : "False"},
                            {"reason", condition.reason},
                            {"message", condition.message}});
    }
    list.push_back({{"about", verdict.about}, {"conditions", std::move(conditions)}});
  }
  return list;
}

/// The socket of an Envoy; nothing of the others.
Json admin_of(const gateway::Layout& layout, const std::string& process) {
  if (!process.starts_with(gateway::proxy_prefix)) return nullptr;
  return layout.admin(process.substr(gateway::proxy_prefix.size())).string();
}

Json json_of(const gateway::Layout& layout, const gateway::Settings& settings,
             const gateway::Running& running, const gateway::Objects& objects,
             const gateway::ControllerLog& log) {
  Json processes = Json::array();
  for (const gateway::ProcessState& one : running.processes) {
    processes.push_back({{"name", one.name},
                         {"pid", one.id.number},
                         {"running", os::lives(one.id)},
                         {"starts", one.starts},
                         {"last_end", one.last_end.empty() ? Json() : Json(one.last_end)},
                         {"admin", admin_of(layout, one.name)}});
  }
  Json listeners = Json::array();
  for (const gateway::Listener& one : gateway::listeners(objects)) {
    listeners.push_back({{"gateway", one.gateway},
                         {"listener", one.name},
                         {"wanted_port", one.wanted_port},
                         {"url", fmt::format("http://127.0.0.1:{}/", one.port)}});
  }
  Json applied = Json::array();
  for (const Json& object : objects.objects) {
    const std::string key = gateway::key_of(object);
    applied.push_back({{"object", key}, {"verdicts", json_of(log.verdicts(key))}});
  }
  return {{"running", true},
          {"supervisor", running.supervisor.number},
          {"registry", fmt::format("127.0.0.1:{}", settings.registry_port)},
          {"registry_login", layout.registry_login().string()},
          {"upstream", fmt::format("http://127.0.0.1:{}/", settings.upstream_port)},
          {"processes", std::move(processes)},
          {"listeners", std::move(listeners)},
          {"objects", std::move(applied)}};
}

void say_object(const std::string& key, const std::vector<Verdict>* verdicts, terminal::Terminal& terminal) {
  if (!has_verdict(key)) return;
  if (verdicts == nullptr) {
    const bool attaches = key.find("Policy ") != std::string::npos || key.find("Route ") != std::string::npos;
    return terminal.say("pending",
                        key + (attaches ? ": attached to nothing that is here" : ": not looked at yet"),
                        Style::warning);
  }
  std::vector<std::string> wrong = complaints(*verdicts);
  if (wrong.empty()) return terminal.say("accepted", key, Style::good);
  wrong.insert(wrong.begin(), key);
  terminal.say("refused", wrong, Style::bad);
}

}  // namespace

Expected<void> show_gateway(const gateway::Layout& layout, bool json, Environment& environment) {
  terminal::Terminal& terminal = environment.terminal;
  const auto running = gateway::find_running(layout);
  const auto settings = gateway::read_settings(layout);
  const auto objects = gateway::read_objects(layout);
  if (!running || !settings || !objects) {
    if (json) terminal.print(text::json_text(Json{{"running", false}}));
    return std::unexpected(
        Error{ExitCode::environment, "no gateway runs", layout.folder().string(), "wasmup gateway up"});
  }
  const gateway::ControllerLog log = gateway::read_controller_log(layout);
  if (json) {
    terminal.print(text::json_text(json_of(layout, *settings, *running, *objects, log)));
    return {};
  }
  for (const gateway::ProcessState& one : running->processes) {
    std::string text = fmt::format("{}  process {}", one.name, one.id.number);
    if (one.starts > 1) text += fmt::format(", started {} times: it {}", one.starts, one.last_end);
    const bool lives = os::lives(one.id);
    terminal.say(lives ? "running" : "ended", text, lives ? Style::plain : Style::bad);
  }
  terminal.say("registry", fmt::format("127.0.0.1:{}  (wasmup push knows its login; others: --authfile {})",
                                       settings->registry_port, layout.registry_login().string()));
  for (const gateway::ProcessState& one : running->processes) {
    const Json admin = admin_of(layout, one.name);
    if (admin.is_null()) continue;
    terminal.say("admin", fmt::format("curl --unix-socket {} http://localhost/  ({})",
                                      admin.get<std::string>(), one.name));
  }
  for (const gateway::Listener& one : gateway::listeners(*objects)) {
    terminal.say("listens", fmt::format("{}://127.0.0.1:{}/  (Gateway {}, listener {}, port {})",
                                        one.protocol == "HTTPS" ? "https" : "http", one.port, one.gateway,
                                        one.name, one.wanted_port));
  }
  for (const Json& object : objects->objects) {
    const std::string key = gateway::key_of(object);
    say_object(key, log.verdicts(key), terminal);
  }
  return {};
}

Expected<void> check_accepted(const gateway::Layout& layout, const std::vector<std::string>& keys) {
  const gateway::ControllerLog log = gateway::read_controller_log(layout);
  std::string what;
  std::vector<std::string> seen;
  for (const std::string& key : keys) {
    const auto* const verdicts = log.verdicts(key);
    if (verdicts == nullptr) continue;
    const std::vector<std::string> wrong = complaints(*verdicts);
    if (wrong.empty()) continue;
    what += (what.empty() ? "" : ", ") + key;
    seen.insert(seen.end(), wrong.begin(), wrong.end());
  }
  if (seen.empty()) return {};
  return std::unexpected(Error{ExitCode::refused, "Envoy Gateway does not accept " + what, joined(seen),
                               "correct it and apply it again; wasmup gateway status shows all"});
}

}  // namespace wasmup::commands
