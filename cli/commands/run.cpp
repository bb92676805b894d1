// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>

#include "command.hpp"
#include "gateway_session.hpp"
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

/// The options whose order counts, each with its values as they came.
struct NamedFilters {
  CLI::Option* filter = nullptr;
  CLI::Option* config = nullptr;
  CLI::Option* root_id = nullptr;
  std::vector<std::string> filters = {};
  std::vector<std::string> configs = {};
  std::vector<std::string> root_ids = {};
};

Error misplaced(const std::string& option, std::string seen) {
  return {ExitCode::usage, "which filter is " + option + " for?", std::move(seen),
          "--filter A --config @a.json --filter B --config @b.json"};
}

/// Sets what was not set; false when it was.
bool set(std::optional<std::string>& target, const std::string& value) {
  return !std::exchange(target, value);
}

/// In a chain, --config and --root-id are of the --filter before them; else of the one filter there is.
Expected<std::vector<FilterFlags>> in_order(const NamedFilters& named, const CLI::App& command) {
  std::vector<FilterFlags> filters;
  if (named.filters.size() < 2) filters.emplace_back();
  size_t configs = 0;
  size_t root_ids = 0;
  for (const CLI::Option* option : command.parse_order()) {
    if (option == named.filter) {
      if (named.filters.size() < 2) {
        filters.front().path = named.filters.front();
      } else {
        filters.push_back({.path = named.filters.at(filters.size())});
      }
    } else if (option == named.config || option == named.root_id) {
      const bool is_config = option == named.config;
      const std::string name = is_config ? "--config" : "--root-id";
      if (filters.empty()) return std::unexpected(misplaced(name, "it stands before the first --filter"));
      auto& target = is_config ? filters.back().config : filters.back().root_id;
      const std::string& value = is_config ? named.configs.at(configs++) : named.root_ids.at(root_ids++);
      if (!set(target, value)) return std::unexpected(misplaced(name, "there are two for one filter"));
    }
  }
  return filters;
}

}  // namespace

void add_run(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<RunFlags>();
  const auto named = std::make_shared<NamedFilters>();
  CLI::App& command = *program.add_subcommand("run", "Serve a filter in a real Envoy and show what it does");
  named->filter = command
                      .add_option("--filter", named->filters,
                                  "Folder, .cpp or .wasm file (default: this folder\nwhen it has a "
                                  "wasmup.yaml; in a checkout,\nfilters/add_header); repeated: a chain, in "
                                  "the\norder in which a request passes it")
                      ->option_text("PATH")
                      ->allow_extra_args(false);
  command.add_option("--upstream", flags->upstream, "Server behind Envoy (default: a built-in one)")
      ->type_name("URL");
  named->config = command
                      .add_option("--config", named->configs,
                                  "Its configuration: JSON, or @FILE (default: as\nits wasmup.yaml says); in "
                                  "a chain, that of the\n--filter before it")
                      ->option_text("JSON")
                      ->allow_extra_args(false);
  named->root_id = command
                       .add_option("--root-id", named->root_ids,
                                   "Root id (default: as its wasmup.yaml says, else\nadd_header_root); in a "
                                   "chain, as --config")
                       ->option_text("ID")
                       ->allow_extra_args(false);
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
  command.add_flag("--gateway", flags->gateway,
                   "Through Envoy Gateway: packed, pushed, named in\n"
                   "a policy (see wasmup gateway)");
  command.add_option("--expect", flags->expect, "What the response must carry (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--requests", flags->requests,
                  "Requests and what must come of them, as for\n"
                  "verify (default: as its wasmup.yaml says)")
      ->type_name("FILE");
  command.add_flag("--trace", flags->trace, "Show every call into the module and out of it");
  command.add_flag("--admin", flags->admin, "Open Envoy's admin on a port, and print its address");
  command.add_flag("--browser", flags->browser, "Open what is served in a browser");
  command.add_flag("-y,--yes", flags->yes, "Set up what is missing without asking");
  command.footer(examples);
  command.callback([flags, named, &command, &environment, &action] {
    action = [flags, named, &command, &environment]() -> Expected<void> {
      Expected<std::vector<FilterFlags>> filters = in_order(*named, command);
      if (!filters) return std::unexpected(filters.error());
      flags->filters = *std::move(filters);
      Expected<RunPlan> plan = plan_run(*flags, environment);
      if (!plan) return std::unexpected(plan.error());
      if (flags->gateway) return run_through_gateway(*std::move(plan), environment);
      return RunSession(*std::move(plan), environment).run();
    };
  });
}

}  // namespace wasmup::commands
