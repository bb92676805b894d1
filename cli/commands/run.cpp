// SPDX-License-Identifier: MIT
#include <memory>

#include "command.hpp"
#include "run_plan.hpp"
#include "run_session.hpp"

namespace wasmup::commands {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  wasmup run --port 8080 --upstream https://example.com\n"
    "      The default filter before a server, on a given port, until Ctrl-C.\n"
    "  wasmup run --once --filter filters/add_header --expect x-wasm-custom=FOO\n"
    "      For scripts: exit code 0 only if the filter loaded and the response\n"
    "      carried this header, once and with this value.";

}  // namespace

void add_run(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<RunFlags>();
  CLI::App& command = *program.add_subcommand("run", "Serve a filter in a real Envoy and show what it does");
  command
      .add_option("--filter", flags->filter,
                  "Folder, .cpp or .wasm file (default: this folder\nwhen it has a wasmup.yaml; in a "
                  "checkout,\nfilters/add_header)")
      ->type_name("PATH");
  command.add_option("--upstream", flags->upstream, "Server behind Envoy (default: a built-in one)")
      ->type_name("URL");
  command
      .add_option("--config", flags->config,
                  "Its configuration: JSON, or @FILE (default: as\nits wasmup.yaml says)")
      ->type_name("JSON");
  command
      .add_option("--root-id", flags->root_id,
                  "Root id (default: as its wasmup.yaml says, else\nadd_header_root)")
      ->type_name("ID");
  command.add_flag("--fail-open", flags->fail_open, "After a trap, let traffic pass without the filter");
  command.add_option("--port", flags->port, "Port to serve on (default: a free one)")->type_name("PORT");
  command.add_option("--envoy", flags->envoy, "Envoy to start (default: the one set up)")->type_name("PATH");
  command
      .add_option("--log-level", flags->log_level,
                  "What the filter and Envoy log: trace, debug,\n"
                  "info, warning, error, critical or off")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}));
  command.add_flag("--once", flags->once, "Check one response, and end");
  command.add_flag("-w,--watch", flags->watch, "Build and serve it anew whenever its files change");
  command.add_option("--expect", flags->expect, "What the response must carry (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--requests", flags->requests,
                  "Requests and what must come of them, as for\n"
                  "verify (default: as its wasmup.yaml says)")
      ->type_name("FILE");
  command.add_flag("-y,--yes", flags->yes, "Set up what is missing without asking");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment]() -> Expected<void> {
      Expected<RunPlan> plan = plan_run(*flags, environment);
      if (!plan) return std::unexpected(plan.error());
      return RunSession(*std::move(plan), environment).run();
    };
  });
}

}  // namespace wasmup::commands
