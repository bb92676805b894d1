// SPDX-License-Identifier: MIT
#include <charconv>
#include <memory>

#include "../bench/report.hpp"
#include "bench_session.hpp"
#include "command.hpp"
#include "find_envoy.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup bench\n"
    "      What the filter of this folder adds to a request.\n"
    "  wasmup bench new.wasm --against old.wasm --seconds 60 --json\n"
    "      Whether one module is faster than another, for scripts.";

constexpr int longest = 90;  // with set-up and warm-up, less than two minutes

struct BenchFlags {
  FilterFlags filter = {};
  std::string against = "none";
  int seconds = 15;
  std::optional<std::string> envoy = {};
  bool json = false;
};

Expected<void> run_bench(const BenchFlags& flags, Environment& environment) {
  terminal::Terminal& terminal = environment.terminal;
  if (flags.json) terminal.keep_to_print();
  BenchPlan plan;
  Expected<PlannedFilter> filter = plan_filter(flags.filter, environment);
  if (!filter) return std::unexpected(filter.error());
  plan.filter = *std::move(filter);
  plan.native = flags.against == "native";
  if (!plan.native && flags.against != "none") {
    FilterFlags other = flags.filter;
    other.path = flags.against;
    Expected<PlannedFilter> planned = plan_filter(other, environment);
    if (!planned) return std::unexpected(planned.error());
    plan.other = *std::move(planned);
  }
  plan.time = std::chrono::seconds(flags.seconds);
  const auto envoy = find_envoy(environment, flags.envoy);
  if (!envoy) return std::unexpected(envoy.error());
  plan.envoy = *envoy;

  const Expected<bench::Report> report = BenchSession(std::move(plan), environment).run();
  if (!report) return std::unexpected(report.error());
  if (flags.json) {
    terminal.print(bench::to_json(*report));
    return {};
  }
  terminal.print("\n" + bench::table(*report) + "\n");
  terminal.say("result", bench::verdict(*report));
  return {};
}

}  // namespace

void add_bench(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<BenchFlags>();
  CLI::App& command = *program.add_subcommand("bench", "Measure what a filter adds to a request in Envoy");
  command
      .add_option("FILTER", flags->filter.path,
                  "Folder, .cpp or .wasm file (default: this folder\nwhen it has a wasmup.yaml; in a "
                  "checkout,\nfilters/add_header)")
      ->option_text(" ");
  command
      .add_option(
          "--against", flags->against,
          "none, native (Envoy's own header mutation), or\nanother filter, like FILTER (default: none)")
      ->option_text("WHAT");
  command.add_option("--seconds", flags->seconds, "How long to measure, 1 to 90 (default: 15)")
      ->option_text("NUMBER")
      ->check(CLI::Range(1, longest));
  command
      .add_option("--config", flags->filter.config,
                  "Configuration of both: JSON, or @FILE (default:\nas each one's wasmup.yaml says)")
      ->option_text("JSON");
  command
      .add_option("--root-id", flags->filter.root_id,
                  "Root id of both (default: as each one's\nwasmup.yaml says, else add_header_root)")
      ->option_text("ID");
  command.add_option("--envoy", flags->envoy, "Envoy to start (default: the one set up)")
      ->option_text("PATH");
  command.add_flag("--json", flags->json, "Print the figures as JSON");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return run_bench(*flags, environment); };
  });
}

}  // namespace wasmup::commands
