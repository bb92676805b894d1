// SPDX-License-Identifier: MIT
#include "proxy.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "../text/json.hpp"
#include "gateways.hpp"
#include "json.hpp"

namespace wasmup::kubernetes {
namespace {

constexpr uint16_t admin_port = 19000;
constexpr std::string_view wasm_type = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

/// "envoy.filters.http.wasm/envoyextensionpolicy/NAMESPACE/NAME/wasm/0".
std::string policy_in(const std::string& filter) {
  constexpr std::string_view mark = "envoyextensionpolicy/";
  const size_t begin = filter.find(mark);
  const size_t end = filter.rfind("/wasm/");
  if (begin == filter.npos || end == filter.npos || end < begin + mark.size()) return "";
  return filter.substr(begin + mark.size(), end - begin - mark.size());
}

RunningModule module_in(const Json& filter) {
  const Json& config = at(at(filter, "typed_config"), "config");
  const Json& vm = at(config, "vm_config");
  return {.policy = policy_in(text_at(filter, "name")),
          .name = text_at(config, "name"),
          .root_id = text_at(config, "root_id"),
          .sha256 = text_at(at(at(vm, "code"), "remote"), "sha256"),
          .fail_open = at(config, "fail_open") == true};
}

void collect(const Json& value, std::vector<RunningModule>& found) {
  if (value.is_object() && text_at(at(value, "typed_config"), "@type") == wasm_type) {
    // The same filter stands in every listener.
    RunningModule module = module_in(value);
    if (std::ranges::find(found, module) == found.end()) found.push_back(std::move(module));
    return;
  }
  if (value.is_array()) {
    for (const Json& inner : value) collect(inner, found);
  }
  if (!value.is_object()) return;
  for (const auto& [name, inner] : value.items()) {
    // What is still to be fetched, or on its way out, handles no request.
    if (name != "warming_state" && name != "draining_state") collect(inner, found);
  }
}

bool is_ready(const Json& pod) {
  const auto conditions = conditions_in(at(pod, "status"));
  const Condition* const ready = find_condition(conditions, "Ready");
  return ready != nullptr && ready->holds;
}

Expected<Json> ask(const Forward& admin, const std::string& path, const Send& send) {
  const auto response = send({.url = fmt::format("http://127.0.0.1:{}{}", admin.port(), path)});
  if (!response) return std::unexpected(response.error());
  Json value = text::parse_json(response->body);
  if (response->status == 200 && !value.is_discarded()) return value;
  return std::unexpected(Error{ExitCode::environment, "Envoy's administration does not answer",
                               fmt::format("status {} for {}", response->status, path), ""});
}

/// `admin` first, so that all of it is asked through one forward.
Expected<void> look_into(Proxy& proxy, const Kubectl& kubectl, const Send& send) {
  const auto admin = kubectl.forward(proxy.pod.space, "pod/" + proxy.pod.name, admin_port);
  if (!admin) return std::unexpected(admin.error());
  const auto dump = ask(*admin, "/config_dump", send);
  if (!dump) return std::unexpected(dump.error());
  proxy.modules = modules_in(*dump);
  const auto stats = ask(*admin, "/stats?format=json&filter=%5Ewasm%5C.", send);
  if (!stats) return std::unexpected(stats.error());
  proxy.counters = counters_in(*stats);
  return {};
}

}  // namespace

std::vector<RunningModule> modules_in(const Json& config_dump) {
  std::vector<RunningModule> found;
  collect(config_dump, found);
  return found;
}

std::map<std::string, int64_t> counters_in(const Json& stats) {
  std::map<std::string, int64_t> counters;
  for (const Json& one : at(stats, "stats")) {
    if (const std::string name = text_at(one, "name"); !name.empty())
      counters[name] = number_at(one, "value");
  }
  return counters;
}

Expected<std::vector<Proxy>> proxies_of(const Kubectl& kubectl, const Name& gateway, const Send& send) {
  const auto pods = kubectl.list("pods", "", labels_of_proxies(gateway));
  if (!pods) return std::unexpected(pods.error());
  std::vector<Proxy> proxies;
  for (const Json& pod : *pods) {
    if (at(pod, "metadata").contains("deletionTimestamp")) continue;
    Proxy proxy{.pod = name_of(pod), .is_ready = is_ready(pod)};
    proxy.pod.kind = "Pod";
    if (!proxy.is_ready) {
      proxy.problem = "its pod is not ready";
    } else if (const auto looked = look_into(proxy, kubectl, send); !looked) {
      proxy.problem = looked.error().what + ": " + looked.error().seen;
    }
    proxies.push_back(std::move(proxy));
  }
  return proxies;
}

}  // namespace wasmup::kubernetes
