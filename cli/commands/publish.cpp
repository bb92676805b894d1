// SPDX-License-Identifier: MIT
#include "publish.hpp"

#include <fmt/format.h>

#include "../image/digest.hpp"
#include "../image/image.hpp"
#include "../registry/registry.hpp"
#include "filter_module.hpp"

namespace wasmup::commands {
namespace {

Published published(const image::Accepted& accepted) {
  return {image::hex_of(accepted.digest), image::sha256(accepted.module)};
}

Expected<Published> push(const DeployPlan& plan, const registry::Reference& reference,
                         const registry::Options& options, bool dry_run, Environment& environment) {
  const auto module = get_filter_module(environment, *plan.source);
  if (!module) return std::unexpected(module.error());
  const auto image = image::build({module->stem(), module->bytes});
  if (!image) return std::unexpected(image.error());
  if (dry_run) return Published{image::hex_of(image->digest())};
  environment.terminal.begin("pushing", plan.push_to);
  const auto pushed = registry::push(environment.processes, *image, reference, options);
  if (!pushed) return std::unexpected(pushed.error());
  environment.terminal.done("pushed", fmt::format("{} by {}", plan.push_to, pushed->tool));
  return published(pushed->accepted);
}

Expected<Published> find(const DeployPlan& plan, registry::Reference reference,
                         const registry::Options& options, Environment& environment) {
  if (!plan.digest.empty()) reference.digest = "sha256:" + plan.digest;
  environment.terminal.begin("reading", plan.push_to);
  const auto accepted = registry::acceptance(environment.processes, reference, options);
  if (!accepted && !plan.digest.empty() && accepted.error().code == ExitCode::environment) {
    // The gateway may well reach what this machine does not; it says so itself if it does not.
    environment.terminal.give_up();
    environment.terminal.say("unread", plan.push_to + ": " + accepted.error().what);
    return Published{plan.digest};
  }
  if (!accepted) return std::unexpected(accepted.error());
  environment.terminal.done("read", fmt::format("{}: {}", plan.push_to, accepted->kind));
  return published(*accepted);
}

}  // namespace

Expected<Published> publish(const DeployPlan& plan, const RegistryFlags& flags, bool dry_run,
                            Environment& environment) {
  if (dry_run) environment.terminal.keep_to_print();
  const auto reference = registry::parse_reference(plan.push_to);
  if (!reference) return std::unexpected(reference.error());
  const auto options = registry_options(flags, *reference, environment);
  if (!options) return std::unexpected(options.error());
  return plan.source ? push(plan, *reference, *options, dry_run, environment)
                     : find(plan, *reference, *options, environment);
}

}  // namespace wasmup::commands
