// SPDX-License-Identifier: MIT
#include "gateway_session.hpp"

#include <fmt/format.h>

#include "../image/image.hpp"
#include "../policy/policy.hpp"
#include "../registry/registry.hpp"
#include "../text/json.hpp"
#include "../traffic/check.hpp"
#include "../traffic/requests_file.hpp"
#include "filter_folder.hpp"
#include "gateway_status.hpp"
#include "gateway_up.hpp"
#include "gateway_world.hpp"
#include "plugin_configuration.hpp"
#include "verify_report.hpp"

namespace wasmup::commands {
namespace {

using gateway::Json;
using terminal::Style;

/// A name as images and objects may have it.
std::string plain_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    plain += letter ? c : capital ? static_cast<char>(c - 'A' + 'a') : '-';
  }
  const size_t first = plain.find_first_not_of('-');
  if (first == std::string::npos) return "filter";
  return plain.substr(first, plain.find_last_not_of('-') - first + 1);
}

}  // namespace

GatewaySession::GatewaySession(RunPlan plan, gateway::Layout layout, Environment& environment)
    : plan_(std::move(plan)), layout_(std::move(layout)), environment_(environment) {}

std::string GatewaySession::url() const { return fmt::format("http://127.0.0.1:{}/", port_); }

Expected<void> GatewaySession::build() {
  modules_.clear();
  for (const PlannedFilter& filter : plan_.filters) {
    auto module = get_filter_module(environment_, filter.path);
    if (!module) return std::unexpected(module.error());
    modules_.push_back(*std::move(module));
  }
  return {};
}

Expected<void> GatewaySession::deploy() {
  const auto port = default_port(layout_);
  if (!port) return std::unexpected(port.error());
  port_ = *port;
  packed_.clear();
  for (const FilterModule& module : modules_) {
    if (const auto pushed = push(module); !pushed) return pushed;
  }
  if (const auto applied = apply_policy(); !applied) return applied;
  return verify();
}

/// Each version has a tag of its own: what a tag stands for does not change while the gateway runs.
Expected<void> GatewaySession::push(const FilterModule& module) {
  terminal::Terminal& terminal = environment_.terminal;
  const std::string name = plain_name(module.stem());
  terminal.begin("pushing", name);
  const auto image = image::build({name, module.bytes});
  if (!image) return std::unexpected(image.error());
  const auto settings = gateway::read_settings(layout_);
  std::string sha256 = image->digest();
  sha256.erase(0, sha256.find(':') + 1);
  const std::string text =
      fmt::format("127.0.0.1:{}/{}:{}", settings ? settings->registry_port : 0, name, sha256.substr(0, 12));
  const auto reference = registry::parse_reference(text);
  if (!reference) return std::unexpected(reference.error());
  const auto pushed =
      registry::push(environment_.processes, *image, *reference, {.credentials = layout_.registry_login()});
  if (!pushed) return std::unexpected(pushed.error());
  terminal.done("pushed", fmt::format("{}  {} bytes", text, image->size()));
  packed_.push_back({name, text, std::move(sha256)});
  return {};
}

/// Of the first filter's name, with all of them in the order of the request's path.
Expected<void> GatewaySession::apply_policy() {
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("applying", "its policy");
  policy::Policy policy{.name = packed_.front().name,
                        .namespace_name = "default",
                        .targets = {{"HTTPRoute", "backend"}},
                        .filters = {}};
  for (size_t i = 0; i < packed_.size(); ++i) {
    const PlannedFilter& planned = plan_.filters[i];
    policy::Filter filter{
        .name = packed_[i].name,
        .root_id = planned.root_id,
        .source = policy::Source{policy::Source::Kind::image, packed_[i].reference, packed_[i].sha256},
        .fail_open = plan_.failure_policy == envoy::FailurePolicy::fail_open};
    if (!planned.configuration.empty()) {
      filter.config = text::parse_json<policy::Document>(planned.configuration);
    }
    policy.filters.push_back(std::move(filter));
  }
  const auto changed =
      gateway::change(layout_, {.apply = {Json(policy::to_document(policy))}}, gateway_means(environment_));
  if (!changed) return std::unexpected(changed.error());
  if (const auto accepted = check_accepted(layout_, changed->applied); !accepted) return accepted;
  terminal.done("accepted",
                fmt::format("EnvoyExtensionPolicy {} on HTTPRoute backend", packed_.front().name));
  return {};
}

/// Envoy takes up a moment after the controller what is new: until then the last version answers.
Expected<void> GatewaySession::verify() {
  terminal::Terminal& terminal = environment_.terminal;
  std::vector<traffic::Case> cases;
  if (!plan_.expectations.empty() || !plan_.requests) {
    traffic::Case expected{"GET /", {.url = url()}, 1, plan_.expectations};
    expected.expectations.push_back({":status", {"200"}});
    cases.push_back(std::move(expected));
  }
  if (plan_.requests) {
    const auto file = traffic::read_requests_file(*plan_.requests);
    if (!file) return std::unexpected(file.error());
    const auto read = traffic::cases_for(*file, url());
    if (!read) return std::unexpected(read.error());
    cases.insert(cases.end(), read->begin(), read->end());
  }
  terminal.begin("asking", url());
  const auto report =
      traffic::check(cases, {.within = std::chrono::seconds(30), .on_wait = {}},
                     {environment_.send, environment_.now, environment_.pause, environment_.interrupted});
  if (!report) return std::unexpected(report.error());
  terminal.done("asked", fmt::format("{}, through the gateway", url()));
  print_report(terminal, *report);
  return traffic::verdict(*report);
}

Expected<void> GatewaySession::serve() {
  terminal::Terminal& terminal = environment_.terminal;
  std::vector<std::unique_ptr<os::FolderWatch>> watches;
  for (const PlannedFilter& filter : plan_.filters) {
    if (!plan_.watch) break;
    auto watched = environment_.watch(folder_of(filter.path), is_of_a_filter);
    if (!watched) return std::unexpected(watched.error());
    watches.push_back(*std::move(watched));
  }
  terminal.say("serving",
               {url(), "curl -i " + url(),
                fmt::format("{}Ctrl-C ends it",
                            plan_.watch ? "a file that you save is built, pushed and served; " : "")});
  while (!environment_.interrupted()) {
    environment_.pause(plan_.watch ? std::chrono::milliseconds(50) : std::chrono::hours(1));
    if (!gateway::find_running(layout_)) {
      return std::unexpected(Error{ExitCode::environment, "the gateway has ended", layout_.folder().string(),
                                   "wasmup gateway up"});
    }
    size_t changes = 0;  // each is asked, or it would tell of this save again
    for (const auto& watch : watches) changes += watch->changed() ? 1 : 0;
    if (changes > 0) renew();
  }
  return {};
}

void GatewaySession::renew() {
  for (PlannedFilter& filter : plan_.filters) {
    if (!filter.config) continue;
    auto configuration = read_plugin_configuration(*filter.config);
    if (!configuration) return environment_.terminal.report(configuration.error());
    filter.configuration = *std::move(configuration);
  }
  const Expected<void> built = build();
  const Expected<void> renewed = built ? deploy() : built;
  if (renewed) return;
  environment_.terminal.report(renewed.error());
  environment_.terminal.say("serving", "what the gateway has", Style::warning);
}

Expected<void> run_through_gateway(RunPlan plan, Environment& environment) {
  const auto layout = gateway_layout(environment);
  if (!layout) return std::unexpected(layout.error());
  const bool once = plan.once;
  const std::string envoy = plan.envoy.string();
  const uint16_t port = plan.port;
  GatewaySession session(std::move(plan), *layout, environment);
  const auto is_new =
      ensure_gateway(*layout, {.envoy = envoy, .port = port}, environment, [&] { return session.build(); });
  if (!is_new) return std::unexpected(is_new.error());
  auto result = session.deploy();
  if (result && !once) result = session.serve();
  if (!*is_new) return result;
  const auto stopped = gateway::stop(*layout, gateway_means(environment));
  if (result && stopped) environment.terminal.say("ended", "the gateway, and all that was made for it");
  return result ? stopped : result;
}

}  // namespace wasmup::commands
