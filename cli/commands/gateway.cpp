// SPDX-License-Identifier: MIT
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

#include "../gateway/supervisor.hpp"
#include "../policy/policy.hpp"
#include "../policy/schema.hpp"
#include "../text/file.hpp"
#include "command.hpp"
#include "gateway_logs.hpp"
#include "gateway_session.hpp"
#include "gateway_status.hpp"
#include "gateway_up.hpp"
#include "gateway_world.hpp"
#include "run_plan.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

/// Runs with the gateway's folder.
template <class Work>
Action on_gateway(Environment& environment, const Work& work) {
  return [&environment, work]() -> Expected<void> {
    const auto layout = gateway_layout(environment);
    if (!layout) return std::unexpected(layout.error());
    return work(*layout);
  };
}

struct UpFlags {
  uint16_t port = 0;
  std::vector<std::string> variables = {};
  FilterFlags filter = {};
  RunFlags run = {};  ///< and how it is run
};

/// With the filter deployed to it, which is checked for what can be wrong with it before anything is started.
Expected<bool> up_with_filter(const gateway::Layout& layout, const UpFlags& flags, Environment& environment) {
  RunFlags run = flags.run;
  run.filters = {flags.filter};
  auto plan = plan_run(run, environment);
  if (!plan) return std::unexpected(plan.error());
  const GatewayFlags wanted{plan->envoy.string(), flags.port, flags.variables};
  GatewaySession session(*std::move(plan), layout, environment);
  const auto is_new = ensure_gateway(layout, wanted, environment, [&] { return session.build(); });
  if (!is_new) return is_new;
  const auto deployed = session.deploy();
  return deployed ? is_new : std::unexpected(deployed.error());
}

Expected<void> up(const gateway::Layout& layout, const UpFlags& flags, Environment& environment) {
  if (flags.port != 0 && !gateway::find_running(layout)) {
    if (const auto free = environment.network.check_free(flags.port); !free) return free;
  }
  const auto is_new = flags.filter.path
                          ? up_with_filter(layout, flags, environment)
                          : ensure_gateway(layout, {flags.run.envoy, flags.port, flags.variables},
                                           environment, [] { return Expected<void>(); });
  if (!is_new) return std::unexpected(is_new.error());
  const auto port = default_port(layout);
  if (!port) return std::unexpected(port.error());
  environment.terminal.say(*is_new || flags.filter.path ? "serving" : "runs",
                           {fmt::format("http://127.0.0.1:{}/", *port),
                            "wasmup gateway apply FILE, status, logs; wasmup gateway down ends it"});
  return {};
}

void add_up(CLI::App& gateway, Environment& environment, Action& action) {
  const auto flags = std::make_shared<UpFlags>();
  CLI::App& command = *gateway.add_subcommand("up", "Start it, with a Gateway and a route");
  command
      .add_option("--filter", flags->filter.path,
                  "A filter to build, pack, push, attach to the\n"
                  "route and ask for: folder, .cpp or .wasm file")
      ->option_text("PATH");
  command
      .add_option("--config", flags->filter.config,
                  "Its configuration: JSON, or @FILE (default: as\nits wasmup.yaml says)")
      ->option_text("JSON");
  command.add_option("--root-id", flags->filter.root_id, "Root id (default: as for run)")->option_text("ID");
  command.add_flag("--fail-open", flags->run.fail_open, "Let traffic pass when it cannot run");
  command.add_option("--expect", flags->run.expect, "What the response must carry (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--port", flags->port, "Where its Gateway listens (default: a free port)")
      ->option_text("PORT")
      ->check(CLI::Range(1, 65535));
  command
      .add_option("--env", flags->variables,
                  "A variable of yours that its processes and\n"
                  "filters may see (may be repeated; default: none)")
      ->option_text("NAME")
      ->allow_extra_args(false);
  command.add_option("--envoy", flags->run.envoy, "Envoy to run (default: the one set up)")
      ->option_text("PATH");
  command.add_flag("-y,--yes", flags->run.yes, "Set up what is missing without asking");
  command.footer(
      "Examples:\n"
      "  wasmup gateway up\n"
      "      Envoy Gateway, an Envoy, a registry and an upstream, on this machine;\n"
      "      it goes on when the command has ended.\n"
      "  wasmup gateway up --port 8080 --filter filters/auth --expect x-user=anna\n"
      "      The same with a filter; ends with a request that has passed it.");
  command.callback([flags, &environment, &action] {
    action = on_gateway(environment, [flags, &environment](const gateway::Layout& layout) {
      return up(layout, *flags, environment);
    });
  });
}

void add_down(CLI::App& gateway, Environment& environment, Action& action) {
  CLI::App& command = *gateway.add_subcommand("down", "End it, and leave nothing of it");
  command.footer(
      "Examples:\n"
      "  wasmup gateway down\n"
      "      Ends every process, and removes every file. Envoy Gateway's program\n"
      "      stays, in the cache.\n"
      "  wasmup gateway down && wasmup gateway up\n"
      "      Starts afresh.");
  command.callback([&environment, &action] {
    action = on_gateway(environment, [&environment](const gateway::Layout& layout) -> Expected<void> {
      std::error_code error;
      if (!fs::exists(layout.folder(), error)) {
        environment.terminal.say("down", "no gateway runs");
        return {};
      }
      environment.terminal.begin("ending", "the gateway");
      if (const auto stopped = gateway::stop(layout, gateway_means(environment)); !stopped) return stopped;
      environment.terminal.done("ended", "the gateway, and all that was made for it");
      return {};
    });
  });
}

struct ApplyFlags {
  std::vector<std::string> files = {};
  std::vector<std::string> backends = {};
  std::string default_namespace = "default";
  bool trusted = false;
};

Expected<std::vector<gateway::Json>> read_files(const std::vector<std::string>& files) {
  std::vector<gateway::Json> objects;
  for (const std::string& file : files) {
    const auto text = text::read_file(file);
    if (!text) return std::unexpected(text.error());
    const auto read = gateway::read_documents(*text, file);
    if (!read) return std::unexpected(read.error());
    objects.insert(objects.end(), read->begin(), read->end());
  }
  return objects;
}

Expected<void> apply(const gateway::Layout& layout, const ApplyFlags& flags, Environment& environment) {
  const auto objects = read_files(flags.files);
  if (!objects) return std::unexpected(objects.error());
  const auto backends = parse_backends(flags.backends);
  if (!backends) return std::unexpected(backends.error());
  for (const gateway::Json& object : *objects) {
    if (object["kind"] != policy::kind || object["apiVersion"] != policy::api_version) continue;
    if (const auto checked = policy::check(policy::Document(object)); !checked) return checked;
  }
  terminal::Terminal& terminal = environment.terminal;
  terminal.begin("applying", fmt::format("{} objects", objects->size()));
  const auto changed = gateway::change(layout,
                                       {.apply = *objects,
                                        .default_namespace = flags.default_namespace,
                                        .backends = *backends,
                                        .trusted = flags.trusted},
                                       gateway_means(environment));
  if (!changed) return std::unexpected(changed.error());
  for (const std::string& key : changed->applied) terminal.say("applied", key);
  terminal.done("taken in", "by the controller");
  print_notes(*changed, environment);
  return check_accepted(layout, changed->applied);
}

void add_files(CLI::App& command, ApplyFlags& flags) {
  command.add_option("FILE", flags.files, "Manifests (YAML or JSON)")->required()->option_text(" ");
  command
      .add_option("-n,--namespace", flags.default_namespace, "Of objects that name none (default: default)")
      ->option_text("NAME");
}

void add_apply(CLI::App& gateway, Environment& environment, Action& action) {
  const auto flags = std::make_shared<ApplyFlags>();
  CLI::App& command = *gateway.add_subcommand("apply", "Apply manifests, as kubectl does in a cluster");
  add_files(command, *flags);
  command
      .add_option("--backend", flags->backends,
                  "Where a Service is here: NAMESPACE/SERVICE=\n"
                  "HOST:PORT (default: the built-in upstream)")
      ->option_text("SERVICE")
      ->allow_extra_args(false);
  command.add_flag("--trusted", flags->trusted,
                   "Take what can do all that you can here, too:\n"
                   "EnvoyPatchPolicy, Backends that are sockets");
  command.footer(
      "Examples:\n"
      "  wasmup gateway apply policy.yaml\n"
      "      Exit code 6, with the controller's reason, if it does not accept it.\n"
      "  wasmup gateway apply k8s/*.yaml --backend default/backend=127.0.0.1:3000\n"
      "      All of a cluster's manifests, with a Service on this machine.");
  command.callback([flags, &environment, &action] {
    action = on_gateway(environment, [flags, &environment](const gateway::Layout& layout) {
      return apply(layout, *flags, environment);
    });
  });
}

void add_delete(CLI::App& gateway, Environment& environment, Action& action) {
  const auto flags = std::make_shared<ApplyFlags>();
  CLI::App& command = *gateway.add_subcommand("delete", "Take away what the manifests name");
  add_files(command, *flags);
  command.footer(
      "Examples:\n"
      "  wasmup gateway delete policy.yaml\n"
      "      Traffic passes without the filter from then on.\n"
      "  wasmup gateway delete -n shop policy.yaml\n"
      "      The one in another namespace.");
  command.callback([flags, &environment, &action] {
    action = on_gateway(environment, [flags, &environment](const gateway::Layout& layout) -> Expected<void> {
      const auto objects = read_files(flags->files);
      if (!objects) return std::unexpected(objects.error());
      const auto changed =
          gateway::change(layout, {.remove = *objects, .default_namespace = flags->default_namespace},
                          gateway_means(environment));
      if (!changed) return std::unexpected(changed.error());
      for (const std::string& key : changed->removed) environment.terminal.say("deleted", key);
      for (const std::string& key : changed->missing) environment.terminal.say("not there", key);
      return {};
    });
  });
}

void add_gateway_status(CLI::App& gateway, Environment& environment, Action& action) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *gateway.add_subcommand("status", "Show what runs, and what the controller says");
  command.add_flag("--json", *json, "Print it as JSON");
  command.footer(
      "Examples:\n"
      "  wasmup gateway status\n"
      "      Its processes and addresses; of each object whether the controller\n"
      "      accepts it, and if not, its reason.\n"
      "  wasmup gateway status --json | jq -r '.listeners[].url'\n"
      "      For scripts. Exit code 5 when no gateway runs.");
  command.callback([json, &environment, &action] {
    action = on_gateway(environment, [json, &environment](const gateway::Layout& layout) {
      return show_gateway(layout, *json, environment);
    });
  });
}

void add_logs(CLI::App& gateway, Environment& environment, Action& action) {
  const auto flags = std::make_shared<GatewayLogsFlags>();
  CLI::App& command = *gateway.add_subcommand("logs", "Show what its processes say");
  command
      .add_option("PROCESS", flags->process,
                  "controller, envoy, registry, upstream or\n"
                  "supervisor (default: envoy)")
      ->option_text(" ")
      ->check(CLI::IsMember({"controller", "envoy", "registry", "upstream", "supervisor"}));
  command.add_flag("-f,--follow", flags->follow, "Go on with what they say from now on");
  command.add_option("-t,--tail", flags->lines, "So many of the last lines (default: all)")
      ->option_text("NUMBER");
  command.footer(
      "Examples:\n"
      "  wasmup gateway logs --follow\n"
      "      What Envoy and the filters in it say.\n"
      "  wasmup gateway logs controller --tail 20\n"
      "      The last words of Envoy Gateway.");
  command.callback([flags, &environment, &action] {
    action = on_gateway(environment, [flags, &environment](const gateway::Layout& layout) {
      return show_gateway_logs(layout, *flags, environment);
    });
  });
}

Expected<void> build(Environment& environment) {
  const auto shelf = gateway_shelf(environment);
  if (!shelf) return std::unexpected(shelf.error());
  terminal::Terminal& terminal = environment.terminal;
  auto controller = gateway::find_controller(environment.processes, *shelf);
  if (!controller && !shelf->wanted) {
    const auto began = environment.now();
    controller = gateway::build_controller(
        environment.processes, *shelf,
        [&](const std::string& step, const std::string& detail) { terminal.begin(step, detail); });
    if (!controller) return std::unexpected(controller.error());
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(environment.now() - began);
    terminal.give_up();
    terminal.say("built", fmt::format("{}  in {} s", controller->string(), took.count()));
  }
  if (!controller) return std::unexpected(controller.error());
  terminal.say("gateway", controller->string());
  for (const char* name : {"docker-registry", "skopeo"}) {
    const auto program = gateway::find_debian_program(environment.processes, name);
    if (!program) return std::unexpected(program.error());
    terminal.say(name == std::string_view("skopeo") ? "skopeo" : "registry", program->string());
  }
  return {};
}

void add_setup(CLI::App& gateway, Environment& environment, Action& action) {
  CLI::App& command = *gateway.add_subcommand("setup", "Build Envoy Gateway, once");
  command.footer(
      "Examples:\n"
      "  wasmup gateway setup\n"
      "      Builds Envoy Gateway from its Go module, which takes minutes, and keeps\n"
      "      the program in ~/.cache/wasmup. Go comes from the PATH, or as a Python\n"
      "      package. A release of the same version on the PATH is used as it is.\n"
      "  wasmup gateway setup && wasmup gateway up\n"
      "      And starts it. With WASMUP_ENVOY_GATEWAY set to a program, that is run.");
  command.callback([&environment, &action] { action = [&environment] { return build(environment); }; });
}

/// What `up` starts and leaves behind; not for people.
void add_supervise(CLI::App& gateway, Environment& environment, Action& action) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& command = *gateway.add_subcommand("supervise", "")->group("");
  command.add_option("FOLDER", *folder)->required();
  command.callback([folder, &environment, &action] {
    action = [folder, &environment] {
      return gateway::supervise(gateway::Layout(*folder), environment.processes);
    };
  });
}

}  // namespace

void add_gateway(CLI::App& program, Environment& environment, Action& action) {
  CLI::App& gateway = *program.add_subcommand("gateway", "Run Envoy Gateway here, without a cluster");
  gateway.require_subcommand(1);
  add_up(gateway, environment, action);
  add_apply(gateway, environment, action);
  add_delete(gateway, environment, action);
  add_gateway_status(gateway, environment, action);
  add_logs(gateway, environment, action);
  add_down(gateway, environment, action);
  add_setup(gateway, environment, action);
  add_supervise(gateway, environment, action);
  gateway.footer(
      "Examples:\n"
      "  wasmup gateway up\n"
      "      A real Envoy Gateway with its Envoy, a registry and an upstream.\n"
      "  wasmup gateway apply policy.yaml && wasmup gateway status\n"
      "      A filter's policy, and what the controller says of it.\n"
      "\n"
      "Help on each: wasmup gateway up --help");
}

}  // namespace wasmup::commands
