// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>

#include "../policy/other_forms.hpp"
#include "../policy/schema.hpp"
#include "../text/file.hpp"
#include "command.hpp"
#include "manifest_plan.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Several filters: --filter NAME begins each, and the flags after it are its own;\n"
    "they run in this order. With --update it names the one that changes.\n"
    "What the cluster would refuse is refused here, field by field.\n"
    "\n"
    "Examples:\n"
    "  wasmup manifest --target HTTPRoute/backend \\\n"
    "      --source image ghcr.io/owner/hello:v1 --pin --config @config.json\n"
    "      A policy for a route, pinned to what the registry has now.\n"
    "  wasmup manifest --update policy.yaml \\\n"
    "      --source image ghcr.io/owner/hello:v2 --pin > new.yaml\n"
    "      The same policy with another image; all else stays as it is.";

Expected<std::string> text_of(const ManifestFlags& flags, const ManifestPlan& plan) {
  if (flags.plain_envoy) return policy::to_plain_envoy(plan.policy);
  if (flags.istio) return policy::to_istio(plan.policy);
  return policy::write_yaml(plan.document);
}

Expected<void> manifest(const ManifestFlags& flags, Environment& environment) {
  const Expected<ManifestPlan> plan = plan_manifest(flags, environment);
  if (!plan) return std::unexpected(plan.error());
  if (const auto fine = policy::check(plan->document); !fine) return fine;
  const Expected<std::string> text = text_of(flags, *plan);
  if (!text) return std::unexpected(text.error());
  if (flags.output) return text::write_file(*flags.output, *text);
  environment.terminal.print(*text);
  return {};
}

}  // namespace

void add_manifest(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<ManifestFlags>();
  CLI::App& command =
      *program.add_subcommand("manifest", "Print the policy that attaches a filter to a route");
  add_manifest_flags(command, *flags);
  command.footer(examples);
  command.callback([flags, &command, &environment, &action] {
    read_filter_flags(command, *flags);
    action = [flags, &environment] { return manifest(*flags, environment); };
  });
}

}  // namespace wasmup::commands
