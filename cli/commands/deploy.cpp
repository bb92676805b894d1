// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>

#include "../policy/policy.hpp"
#include "../policy/schema.hpp"
#include "cluster_flags.hpp"
#include "command.hpp"
#include "deploy_plan.hpp"
#include "name_checks.hpp"
#include "publish.hpp"

namespace wasmup::commands {
namespace {

using kubernetes::Json;

constexpr const char* examples =
    "The policy keeps the last 5 revisions in its annotations: wasmup rollback.\n"
    "What is expected is kept there too, for undeploy, rollback and doctor.\n"
    "\n"
    "Exit codes: 1 traffic is not as expected; 5 no kubectl, no cluster; 6 a\n"
    "registry, the cluster or the gateway did not take it, with its own reason.\n"
    "\n"
    "Examples:\n"
    "  wasmup deploy filters/add_header --image ghcr.io/me/add-header:1 \\\n"
    "      --target HTTPRoute/backend --expect x-wasm-custom=FOO --rollback\n"
    "      Build, push, attach to a route, and ask until the header is there; if\n"
    "      it does not come, put back what was there before.\n"
    "  wasmup deploy hello.wasm --push-to 127.0.0.1:5000/hello:1 \\\n"
    "      --image registry.local:5000/hello:1 --target Gateway/eg -n apps\n"
    "      A module, to a registry that pods know by another name.\n"
    "  wasmup deploy ghcr.io/me/hello:1 --target HTTPRoute/backend --dry-run\n"
    "      An image that is there already: what would be applied, and nothing else.";

/// By its digest the image stays what it was when it was checked, whatever becomes of the tag.
Expected<Json> spec_of(const DeployPlan& plan, const DeployFlags& flags, const kubernetes::Name& target,
                       const std::string& digest) {
  policy::Filter filter{.name = plan.name,
                        .root_id = plan.root_id,
                        .source = policy::Source{.url = plan.image, .sha256 = digest},
                        .pull_secret = flags.pull_secret,
                        .fail_open = flags.fail_open};
  if (!plan.config.is_null()) filter.config = policy::Document(plan.config);
  const policy::Document document =
      policy::to_document({.name = plan.name,
                           .targets = {{target.kind, target.name, flags.section}},
                           .filters = {std::move(filter)}});
  if (const auto checked = policy::check(document); !checked) return std::unexpected(checked.error());
  return Json(document.at("spec"));
}

Expected<void> dry_run(const DeployFlags& flags, const deployment::World& world,
                       const deployment::Rollout& rollout) {
  const auto target = deployment::find_target(world.kubectl, rollout.target);
  if (!target) return std::unexpected(target.error());
  const auto before = deployment::find_ours(world.kubectl, rollout.policy);
  if (!before) return std::unexpected(before.error());
  const Json policy = deployment::next_policy(*before, rollout.policy, rollout.spec, rollout.requests);
  const auto applied = world.kubectl.apply(policy, {.dry_run = true, .take_over = flags.take_over});
  if (!applied) return std::unexpected(applied.error());
  world.terminal.print(policy::write_yaml(policy::Document(policy)));
  return {};
}

Expected<void> deploy(const DeployFlags& flags, Environment& environment) {
  const auto plan = plan_deploy(flags, environment);
  if (!plan) return std::unexpected(plan.error());
  auto target = parse_target(flags.target);
  if (!target) return std::unexpected(target.error());
  const auto cluster = connect(flags.cluster, environment);
  if (!cluster) return std::unexpected(cluster.error());
  target->space = cluster->space;
  target->section = flags.section.value_or("");
  const deployment::World world = world_of(environment, cluster->kubectl);
  // Before anything is pushed: much of what may be wrong is wrong here.
  if (const auto found = deployment::find_target(world.kubectl, *target); !found) {
    return std::unexpected(found.error());
  }
  const auto published = publish(*plan, flags.registry, flags.dry_run, environment);
  if (!published) return std::unexpected(published.error());
  auto spec = spec_of(*plan, flags, *target, published->digest);
  if (!spec) return std::unexpected(spec.error());
  const deployment::Rollout rollout{.policy = {"EnvoyExtensionPolicy", cluster->space, plan->name},
                                    .target = *target,
                                    .spec = *std::move(spec),
                                    .module = published->module,
                                    .requests = plan->requests,
                                    .wait = plan->wait,
                                    .roll_back = flags.roll_back,
                                    .take_over = flags.take_over};
  if (flags.dry_run) return dry_run(flags, world, rollout);
  const auto revision = deployment::roll_out(world, rollout);
  if (!revision) return std::unexpected(revision.error());
  if (plan->requests.empty()) {
    environment.terminal.say(
        "unchecked", "nobody has said what traffic must be like: --expect NAME=VALUE, or --verify FILE");
  }
  environment.terminal.say(
      "deployed",
      fmt::format("{} with {}@sha256:{}", to_string(rollout.target), plan->image, published->digest),
      terminal::Style::good);
  return {};
}

}  // namespace

void add_deploy(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<DeployFlags>();
  CLI::App& command =
      *program.add_subcommand("deploy", "Attach a filter to a gateway, and check live traffic");
  command.add_option("WHAT", flags->what, "A filter's folder, a module, or an image")
      ->option_text("DIR|FILE.wasm|REF");
  command.add_option("--target", flags->target, "HTTPRoute/NAME, Gateway/NAME, GRPCRoute/NAME")
      ->required()
      ->option_text("KIND/NAME");
  command.add_option("--section", flags->section, "A listener of the Gateway, a rule of the route")
      ->type_name("NAME")
      ->check(object_name_check());
  command.add_option("--name", flags->name, "Of the policy (default: the image's)")->type_name("NAME");
  command.add_option("--image", flags->image, "As the gateway pulls it: HOST/NAME:TAG")->type_name("REF");
  command
      .add_option("--push-to", flags->push_to,
                  "As this machine reaches the same registry\n(default: --image)")
      ->type_name("REF");
  command.add_option("--root-id", flags->root_id, "Default: of wasmup.yaml, or add_header_root")
      ->type_name("ID");
  command.add_option("--config", flags->config, "The filter's configuration")->option_text("JSON|@FILE");
  command.add_option("--pull-secret", flags->pull_secret, "Secret with a login for the registry")
      ->type_name("NAME")
      ->check(object_name_check());
  command.add_flag("--fail-open", flags->fail_open,
                   "Let requests pass when the module has trapped or has\nnot loaded (default: they fail)");
  command
      .add_option("--expect", flags->expect,
                  "Responses carry this header exactly once, with this\nvalue (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--path", flags->path, "Of the request for --expect (default: /)")->type_name("PATH");
  command.add_option("--verify", flags->verify, "Requests and expectations, as wasmup verify takes them")
      ->type_name("FILE");
  command.add_option("--wait", flags->wait, "For the gateway, and again for traffic (default: 60s)")
      ->option_text("TIME");
  command.add_flag("--rollback", flags->roll_back, "If it fails, put back what was there before");
  command.add_flag("--take-over", flags->take_over, "Take fields that another manager has set");
  command.add_flag("--dry-run", flags->dry_run, "Print what would be applied; push and apply nothing");
  add_registry_flags(command, flags->registry);
  add_cluster_flags(command, flags->cluster);
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return deploy(*flags, environment); };
  });
}

}  // namespace wasmup::commands
