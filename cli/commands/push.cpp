// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "../image/digest.hpp"
#include "../image/layout.hpp"
#include "../text/json_text.hpp"
#include "../wasm/module_check.hpp"
#include "annotations.hpp"
#include "command.hpp"
#include "filter_folder.hpp"
#include "filter_module.hpp"
#include "registry_flags.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "What was pushed is read back, and refused (exit 6) if Envoy Gateway would not\n"
    "load it. Credentials are those of skopeo login and docker login.\n"
    "\n"
    "Examples:\n"
    "  wasmup push ghcr.io/owner/hello:v1\n"
    "      Compile the filter of this folder, pack it, push it, read it back.\n"
    "  wasmup push registry.internal:5000/hello:v1 --from hello.tar --ca ca.pem\n"
    "      An image that was made before, to a registry with its own authority.";

struct PushFlags {
  std::string reference = {};
  std::optional<std::string> from = {};
  RegistryFlags registry = {};
  bool dry_run = false;
  bool json = false;
};

/// An image as it is, or that of a filter.
Expected<image::Image> find_image(const PushFlags& flags, Environment& environment) {
  if (flags.from && image::is_layout(*flags.from)) return image::read_layout(*flags.from);
  const Expected<fs::path> filter = find_filter(environment, flags.from);
  if (!filter) return std::unexpected(filter.error());
  if (flags.json) environment.terminal.keep_to_print();
  const Expected<FilterModule> module = get_filter_module(environment, *filter);
  if (!module) return std::unexpected(module.error());
  return image::build({module->stem(), module->bytes},
                      {.annotations = git_annotations(environment.processes, folder_of(*filter))});
}

void print_report(const PushFlags& flags, const registry::Reference& reference,
                  const registry::Pushed& pushed, terminal::Terminal& terminal) {
  const std::string pinned = reference.name() + "@" + pushed.accepted.digest;
  if (flags.json) {
    const nlohmann::ordered_json report{
        {"reference", reference.text()},
        {"pinned", pinned},
        {"digest", pushed.accepted.digest},
        {"kind", pushed.accepted.kind},
        {"bytes", pushed.bytes ? nlohmann::ordered_json(*pushed.bytes) : nlohmann::ordered_json()},
        {"module",
         {{"sha256", image::sha256(pushed.accepted.module)}, {"bytes", pushed.accepted.module.size()}}},
        {"tool", pushed.tool}};
    terminal.print(text::json_text(report));
    return;
  }
  const std::string size = pushed.bytes ? fmt::format("{} bytes", *pushed.bytes) : "packed anew";
  terminal.done("pushed", fmt::format("{}  {}, by {}", reference.text(), size, pushed.tool));
  terminal.say("read back", fmt::format("{} that Envoy Gateway loads", pushed.accepted.kind),
               terminal::Style::good);
  terminal.say("pinned", pinned);
  terminal.say("next", fmt::format("wasmup manifest --target HTTPRoute/NAME --source image {}", pinned));
}

Expected<void> push(const PushFlags& flags, Environment& environment) {
  const Expected<registry::Reference> reference = registry::parse_reference(flags.reference);
  if (!reference) return std::unexpected(reference.error());
  const Expected<registry::Options> options = registry_options(flags.registry, *reference, environment);
  if (!options) return std::unexpected(options.error());
  const Expected<image::Image> image = find_image(flags, environment);
  if (!image) return std::unexpected(image.error());
  const Expected<image::Accepted> accepted = image::acceptance(*image);
  if (!accepted) return std::unexpected(accepted.error());
  if (const auto loads = wasm::check_module(accepted->module, "plugin.wasm"); !loads) return loads;
  terminal::Terminal& terminal = environment.terminal;
  if (flags.dry_run) {
    const Expected<registry::Plan> plan = registry::plan_push(environment.processes, *reference, *options);
    if (!plan) return std::unexpected(plan.error());
    terminal.say("would run", plan->command);
    terminal.say("digest", plan->packs_anew ? plan->tool + " packs it anew" : accepted->digest);
    return {};
  }
  terminal.begin("pushing", reference->text());
  const Expected<registry::Pushed> pushed =
      registry::push(environment.processes, *image, *reference, *options);
  if (!pushed) return std::unexpected(pushed.error());
  print_report(flags, *reference, *pushed, terminal);
  return {};
}

}  // namespace

void add_push(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<PushFlags>();
  CLI::App& command = *program.add_subcommand("push", "Push an image to a registry, and read it back");
  command.add_option("REF", flags->reference, "HOST[:PORT]/NAME[:TAG]")->required()->option_text(" ");
  command
      .add_option(
          "--from", flags->from,
          "A filter's folder, a .wasm file, or an image: an\nOCI layout or FILE.tar (default: this folder)")
      ->option_text("PATH");
  add_registry_flags(command, flags->registry);
  command.add_flag("--dry-run", flags->dry_run, "Say what would be run, and push nothing");
  command.add_flag("--json", flags->json, "Print what was pushed as JSON");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return push(*flags, environment); };
  });
}

}  // namespace wasmup::commands
