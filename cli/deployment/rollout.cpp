// SPDX-License-Identifier: MIT
#include "rollout.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "../http/header.hpp"
#include "../kubernetes/json.hpp"
#include "../kubernetes/proxy.hpp"
#include "../traffic/duration.hpp"
#include "explain.hpp"

namespace wasmup::deployment {
namespace {

using kubernetes::Json;
using kubernetes::Name;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds between_looks = 500ms;
constexpr milliseconds limit_of_a_try = 3s;

Error interrupted() {
  return {ExitCode::interrupted, "the rollout did not come to its end", "interrupted", ""};
}

std::string yaml_line(const kubernetes::Kubectl& kubectl, const Name& policy) {
  return kubectl.line({"get", kubernetes::policies, policy.name, "-n", policy.space, "-o", "yaml"});
}

Error not_accepted(const std::string& reason) {
  const Explanation explained = explain(reason);
  return {ExitCode::refused, "the gateway does not accept it: " + explained.what, reason, explained.cure};
}

/// The Gateway's address where that leads somewhere, else a way through kubectl.
Expected<kubernetes::Entrance> entrance_of(const kubernetes::Kubectl& kubectl, const traffic::Means& means,
                                           const Json& gateway, const std::string& section) {
  if (const auto url = kubernetes::address_of(gateway, section)) {
    if (means.send({.url = *url + "/", .limit = limit_of_a_try})) {
      return kubernetes::Entrance{*url, std::nullopt};
    }
  }
  return kubernetes::forward_to(kubectl, gateway, section);
}

Expected<std::vector<traffic::Case>> cases_at(const traffic::RequestsFile& requests, const std::string& url,
                                              const std::string& host) {
  auto cases = traffic::cases_for(requests, url);
  if (!cases || host.empty()) return cases;
  for (traffic::Case& one : *cases) {
    const bool named = std::ranges::any_of(
        one.request.headers, [](const auto& header) { return http::lower(header.first) == "host"; });
    if (!named) one.request.headers.emplace_back("host", host);
  }
  return cases;
}

Expected<void> verify_at(const World& world, const Json& target, const Name& gateway_name,
                         const std::string& requests, milliseconds limit) {
  const auto gateway =
      world.kubectl.get(kubernetes::resource_of("Gateway"), gateway_name.space, gateway_name.name);
  if (!gateway) return std::unexpected(gateway.error());
  if (!*gateway) {
    return std::unexpected(Error{ExitCode::refused, "there is no " + to_string(gateway_name),
                                 "the route names it as its parent", "wasmup doctor"});
  }
  const auto file = traffic::parse_requests(requests, "what traffic must be like", traffic::Urls::paths_only);
  if (!file) return std::unexpected(file.error());
  world.terminal.begin("asking", "through " + to_string(gateway_name));
  const auto report = ask(world.kubectl, world.means, target, **gateway, gateway_name.section, *file, limit);
  if (!report) return std::unexpected(report.error());
  world.terminal.done("asked", "through " + to_string(gateway_name));
  world.show(*report);
  return traffic::verdict(*report);
}

/// Whether this proxy is not what has to be waited for any more.
bool has_module(const kubernetes::Proxy& proxy, const Name& policy, const std::string& module) {
  return std::ranges::any_of(proxy.modules, [&](const kubernetes::RunningModule& one) {
    return one.policy == policy.space + "/" + policy.name && one.sha256 == module;
  });
}

Expected<void> apply_and_wait(const World& world, const Json& policy, const Rollout& rollout) {
  world.terminal.begin("applying", to_string(rollout.policy));
  const auto applied = world.kubectl.apply(policy, {.take_over = rollout.take_over});
  if (!applied) {
    Error error = applied.error();
    if (error.seen.contains("conflict")) {
      error.what = "another manager has set the same fields";
      error.next = "--take-over, if they are to be yours";
    }
    return std::unexpected(error);
  }
  world.terminal.done(
      "applied", fmt::format("{}, revision {}", to_string(rollout.policy), current_revision(policy).number));
  world.terminal.begin("waiting", "for every gateway to accept it");
  if (const auto accepted = wait_for_acceptance(world, rollout.policy, rollout.wait); !accepted) {
    return accepted;
  }
  world.terminal.done("accepted", "by every gateway");
  return {};
}

/// Back to `before`, or to nothing.
Expected<std::string> go_back(const World& world, const Rollout& rollout, const std::optional<Json>& before,
                              const Json& failed) {
  if (!before) {
    if (const auto removed =
            world.kubectl.remove(kubernetes::policies, rollout.policy.space, rollout.policy.name);
        !removed) {
      return std::unexpected(removed.error());
    }
    return "rolled back: there was no policy before, and there is none now";
  }
  const Revision last = current_revision(*before);
  const Json policy = next_policy(failed, rollout.policy, last.spec, last.requests);
  if (const auto done = apply_and_wait(world, policy, rollout); !done) return std::unexpected(done.error());
  return fmt::format("rolled back to what revision {} was, as revision {}", last.number,
                     current_revision(policy).number);
}

}  // namespace

Expected<std::optional<Json>> find_ours(const kubernetes::Kubectl& kubectl, const Name& policy) {
  auto found = kubectl.get(kubernetes::policies, policy.space, policy.name);
  if (!found || !*found || is_ours(**found)) return found;
  return std::unexpected(Error{ExitCode::refused, to_string(policy) + " is somebody else's",
                               "it has no label app.kubernetes.io/managed-by=wasmup",
                               "choose another name with --name, or add the label to hand it over"});
}

Expected<Json> find_target(const kubernetes::Kubectl& kubectl, const Name& target) {
  auto found = kubectl.get(kubernetes::resource_of(target.kind), target.space, target.name);
  if (!found) return std::unexpected(found.error());
  if (*found) return **std::move(found);
  return std::unexpected(Error{ExitCode::refused, "there is no " + to_string(target),
                               "a policy for it would be attached to nothing",
                               kubectl.line({"get", kubernetes::resource_of(target.kind), "-A"})});
}

Expected<void> wait_for_acceptance(const World& world, const Name& policy, milliseconds limit) {
  const auto until = world.means.now() + limit;
  while (true) {
    const auto found = world.kubectl.get(kubernetes::policies, policy.space, policy.name);
    if (!found) return std::unexpected(found.error());
    if (!*found) {
      return std::unexpected(Error{ExitCode::refused, to_string(policy) + " is gone",
                                   "somebody has deleted it meanwhile", yaml_line(world.kubectl, policy)});
    }
    const kubernetes::Acceptance acceptance = kubernetes::acceptance_of(**found);
    if (acceptance.verdict == kubernetes::Verdict::accepted) return {};
    if (acceptance.verdict == kubernetes::Verdict::refused) {
      return std::unexpected(not_accepted(acceptance.reason));
    }
    if (world.means.now() >= until) {
      return std::unexpected(Error{
          ExitCode::refused, fmt::format("no gateway has accepted it within {}", traffic::to_string(limit)),
          acceptance.reason, "wasmup doctor"});
    }
    world.means.pause(between_looks);
    if (world.means.interrupted()) return std::unexpected(interrupted());
  }
}

Expected<void> wait_for_proxies(const World& world, const Name& policy, const std::vector<Name>& gateways,
                                const std::string& module, milliseconds limit) {
  const auto until = world.means.now() + limit;
  for (const Name& gateway : gateways) {
    while (true) {
      const auto proxies = kubernetes::proxies_of(world.kubectl, gateway, world.means.send);
      if (!proxies) return std::unexpected(proxies.error());
      std::string unseen;
      std::string waits;
      for (const kubernetes::Proxy& proxy : *proxies) {
        if (!proxy.problem.empty()) {
          unseen = fmt::format("{}/{}: {}", proxy.pod.space, proxy.pod.name, proxy.problem);
        } else if (!has_module(proxy, policy, module)) {
          waits = fmt::format("{}/{} does not have module {}", proxy.pod.space, proxy.pod.name, module);
        }
      }
      if (waits.empty()) {
        if (!unseen.empty()) world.terminal.say("unseen", unseen);
        break;
      }
      if (world.means.now() >= until) {
        return std::unexpected(
            Error{ExitCode::refused,
                  fmt::format("not every proxy runs the module after {}", traffic::to_string(limit)), waits,
                  "wasmup doctor"});
      }
      world.means.pause(between_looks);
      if (world.means.interrupted()) return std::unexpected(interrupted());
    }
  }
  return {};
}

Expected<traffic::Report> ask(const kubernetes::Kubectl& kubectl, const traffic::Means& means,
                              const Json& target, const Json& gateway, const std::string& section,
                              const traffic::RequestsFile& requests, milliseconds within) {
  const auto entrance = entrance_of(kubectl, means, gateway, section);
  if (!entrance) return std::unexpected(entrance.error());
  std::string host = kubernetes::host_for(target);
  if (host.empty()) host = kubernetes::host_for(gateway);
  const auto cases = cases_at(requests, entrance->url, host);
  if (!cases) return std::unexpected(cases.error());
  return traffic::check(*cases, {.within = within}, means);
}

Expected<void> verify_traffic(const World& world, const Json& target, const std::string& requests,
                              milliseconds limit) {
  for (const Name& gateway : kubernetes::gateways_of(target)) {
    if (const auto held = verify_at(world, target, gateway, requests, limit); !held) return held;
  }
  return {};
}

Expected<int> roll_out(const World& world, const Rollout& rollout) {
  const auto target = find_target(world.kubectl, rollout.target);
  if (!target) return std::unexpected(target.error());
  const auto before = find_ours(world.kubectl, rollout.policy);
  if (!before) return std::unexpected(before.error());
  const Json policy = next_policy(*before, rollout.policy, rollout.spec, rollout.requests);
  Expected<void> done = apply_and_wait(world, policy, rollout);
  if (done && !rollout.module.empty()) {
    world.terminal.begin("waiting", "for every proxy to run the module");
    done = wait_for_proxies(world, rollout.policy, kubernetes::gateways_of(*target), rollout.module,
                            rollout.wait);
    if (done) world.terminal.done("serving", "by every proxy");
  }
  if (done && !rollout.requests.empty()) {
    done = verify_traffic(world, *target, rollout.requests, rollout.wait);
  }
  if (done) return current_revision(policy).number;
  Error error = done.error();
  world.terminal.give_up();
  if (!rollout.roll_back || error.code == ExitCode::interrupted) return std::unexpected(error);
  const auto back = go_back(world, rollout, *before, policy);
  error.seen += "\n" + (back ? *back : "and it could not be rolled back: " + back.error().what);
  return std::unexpected(error);
}

std::string without_the_filter(const std::string& requests) {
  const auto file = traffic::parse_requests(requests, "what traffic must be like", traffic::Urls::paths_only);
  if (!file) return "";
  Json all = Json::array();
  for (const traffic::Case& one : file->cases) {
    Json absent = Json::array();
    for (const traffic::Expectation& expectation : one.expectations) {
      const bool is_header = expectation.of == traffic::Expectation::Of::header &&
                             !expectation.values.empty() && !expectation.name.starts_with(':');
      if (is_header) absent.push_back(expectation.name);
    }
    if (absent.empty() || one.request.url.contains("://")) continue;
    Json headers = Json::object();
    for (const auto& [name, value] : one.request.headers) headers[name] = value;
    Json request{{"name", one.name + ": not any more"},
                 {"path", one.request.url},
                 {"method", one.request.method},
                 {"expect", {{"absent", absent}}}};
    if (!headers.empty()) request["headers"] = headers;
    if (!one.request.body.empty()) request["body"] = one.request.body;
    all.push_back(std::move(request));
  }
  return all.empty() ? "" : Json{{"requests", all}}.dump();
}

}  // namespace wasmup::deployment
