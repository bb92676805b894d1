// SPDX-License-Identifier: MIT
#include "run_session.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <future>

#include "../text/file.hpp"
#include "../text/visible.hpp"
#include "../traffic/check.hpp"
#include "../traffic/requests_file.hpp"
#include "../wasm/compiler.hpp"
#include "beside_log.hpp"
#include "browser.hpp"
#include "filter_folder.hpp"
#include "filter_module.hpp"
#include "plugin_configuration.hpp"
#include "print_comparison.hpp"
#include "trap.hpp"
#include "verify_report.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;
using terminal::Style;

std::string url_of(uint16_t port) { return fmt::format("http://127.0.0.1:{}/", port); }

Style style_of(const envoy::LogLine& line) {
  if (line.level == "error" || line.level == "critical") return Style::bad;
  if (line.level == "warning") return Style::warning;
  return Style::plain;
}

}  // namespace

Expected<void> RunSession::run() {
  terminal::Terminal& terminal = environment_.terminal;
  if (const auto got = get_modules(); !got) return got;
  if (const auto started = start_envoy(); !started) return started;
  const Expected<Answers> answers = ask();
  if (!answers) return std::unexpected(answers.error());
  if (const auto reached = check_upstream(answers->without); !reached) return reached;
  print_comparison(terminal, answers->without, answers->with);

  const Expected<void> requested = check_requests();
  // Callbacks after the response may trap too: all of them have run when Envoy has ended.
  if (plan_.once) end_envoy();
  if (const auto sound = check_traps(); !sound) {
    if (!plan_.watch) return sound;
    terminal.report(sound.error());
  }
  for (const Expected<void>& met : {check_expectations(answers->with), requested}) {
    if (plan_.once && !met) return met;
    if (!met) warn(met.error());
  }
  return plan_.once ? Expected<void>() : serve();
}

/// Those of the file, if there is one, with the filter.
Expected<void> RunSession::check_requests() {
  if (!plan_.requests) return {};
  const auto file = traffic::read_requests_file(*plan_.requests);
  if (!file) return std::unexpected(file.error());
  const auto cases = traffic::cases_for(*file, url_of(port()));
  if (!cases) return std::unexpected(cases.error());
  const auto sends = [this](const http::Request& request) { return send(request); };
  const Expected<traffic::Report> report = beside_log(server_.get(), [&] {
    return traffic::check(*cases, {},
                          {sends, environment_.now, environment_.pause, environment_.interrupted});
  });
  if (!report) return std::unexpected(report.error());
  print_report(environment_.terminal, *report);
  return traffic::verdict(*report);
}

void RunSession::warn(const Error& error) {
  std::vector<std::string> lines = text::lines_of(error.seen);
  lines.insert(lines.begin(), error.what);
  environment_.terminal.say("warning", lines, Style::warning);
}

Expected<void> RunSession::get_modules() {
  Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-run");
  if (!folder) return std::unexpected(folder.error());
  folder_ = *std::move(folder);

  for (const PlannedFilter& plan : plan_.filters) {
    const bool alone = plan_.filters.size() == 1;
    filters_.push_back(
        {.plan = plan, .name = alone ? "wasmup" : fmt::format("wasmup-{}", filters_.size() + 1)});
    if (const auto put = put_module(filters_.back()); !put) return put;
  }
  return {};
}

/// The filter as it is now, checked, as a file of our own: what was checked is what Envoy loads, whatever
/// becomes of the other in the meantime. A new one has a new name, or Envoy would not look at it.
Expected<void> RunSession::put_module(Served& served) {
  const Expected<FilterModule> module =
      get_filter_module(environment_, served.plan.path, headers_, server_.get());
  if (!module) return std::unexpected(module.error());
  served.module_name = module->name;
  if (module->filters_connections && plan_.watch) {
    return std::unexpected(Error{ExitCode::usage, "--watch is for HTTP filters",
                                 module->name + " is a filter of TCP connections", "leave --watch out"});
  }
  if (&served != &filters_.front() && module->filters_connections != filters_connections_) {
    const bool first = filters_connections_;
    return std::unexpected(Error{ExitCode::usage, "HTTP filters and TCP filters do not make one chain",
                                 fmt::format("{} is for {}, {} for {}", filters_.front().module_name,
                                             first ? "TCP" : "HTTP", module->name, first ? "HTTP" : "TCP"),
                                 "wasmup run for each"});
  }
  filters_connections_ = module->filters_connections;
  const fs::path file = folder_->path() / fmt::format("module-{}.wasm", ++modules_);
  if (const auto written = text::write_file(file, module->bytes); !written) return written;
  served.module = file;
  return {};
}

envoy::WasmFilter RunSession::filter(const Served& served) const {
  return {.module = served.module,
          .name = served.name,
          .root_id = served.plan.root_id,
          .configuration = served.plan.configuration,
          .failure_policy = plan_.failure_policy};
}

std::string RunSession::names(std::string_view between) const {
  std::string names;
  for (const Served& served : filters_) names.append(names.empty() ? "" : between).append(served.module_name);
  return names;
}

Expected<void> RunSession::start_envoy() {
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("starting", "Envoy");
  envoy::ServerOptions options;
  options.executable = plan_.envoy;
  options.bootstrap.port = plan_.port;
  options.bootstrap.upstream = plan_.upstream;
  auto& filters = filters_connections_ ? options.bootstrap.tcp_filters : options.bootstrap.filters;
  for (const Served& served : filters_) filters.push_back(filter(served));
  if (filters_connections_) std::swap(options.bootstrap.port, options.bootstrap.tcp_port);
  if (plan_.watch) options.bootstrap.discovery_folder = folder_->path();
  if (plan_.admin) options.bootstrap.admin_port = 0;
  options.bootstrap.reports_exchanges = !plan_.once;
  options.log_level = plan_.log_level.value_or(options.log_level);
  options.wasm_log_level = plan_.trace ? "trace" : plan_.log_level.value_or(options.wasm_log_level);
  if (plan_.trace) options.concurrency = 1;  // what one request does comes in one piece
  options.on_log = [this](const envoy::LogLine& line) { take_log_line(line); };
  options.on_exchange = [this](const envoy::Exchange& exchange) { take_exchange(exchange); };
  Expected<std::unique_ptr<envoy::Server>> server = environment_.start_envoy(std::move(options));
  if (!server) {
    Error error = server.error();
    if (error.code == ExitCode::module_refused) {
      error.what = fmt::format("Envoy did not take {}", names(" or "));
      error.next = "mend the filter, or give it another --config or --root-id";
    }
    return std::unexpected(error);
  }
  server_ = *std::move(server);
  phase_ = Phase::checking;
  const char* const what = filters_.size() == 1 ? "filter" : "filters";
  terminal.done("started", fmt::format("Envoy, with the {} before {}", what, plan_.upstream_name));
  return {};
}

Expected<RunSession::Answers> RunSession::ask() {
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("asking", "GET / without and with the filter");
  Expected<http::Response> without = ask_once(server_->control_port());
  if (!without) return std::unexpected(without.error());
  Expected<http::Response> with = ask_once(port());
  if (!with) return std::unexpected(with.error());
  terminal.done("asked", "GET / without and with the filter");
  return Answers{*std::move(without), *std::move(with)};
}

Expected<http::Response> RunSession::ask_once(uint16_t port) {
  http::Request request{.url = url_of(port)};
  // The same for both, so that an upstream which answers with what it was asked answers the same.
  request.headers = {{"host", fmt::format("127.0.0.1:{}", server_->port())}};
  Expected<http::Response> response = beside_log(server_.get(), [&] { return send(request); });
  const bool lives = server_->pump(std::chrono::milliseconds(0));
  if (!response && !lives) return std::unexpected(envoy_ended());
  return response;
}

/// Remembers by its port that it was ours.
Expected<http::Response> RunSession::send(const http::Request& request) {
  Expected<http::Response> response = environment_.send(request);
  if (response && response->local_port != 0) own_ports_.insert(response->local_port);
  return response;
}

/// Envoy answers in the place of an upstream that does not.
Expected<void> RunSession::check_upstream(const http::Response& without) const {
  const bool by_envoy =
      without.body.starts_with("upstream connect error") || without.body.starts_with("no healthy upstream");
  if (!plan_.upstream || without.status != 503 || !by_envoy) return {};
  return std::unexpected(Error{ExitCode::environment, fmt::format("{} does not answer", plan_.upstream_name),
                               fmt::format("Envoy answered 503 in its place: {}", without.body),
                               fmt::format("curl -i {}", plan_.upstream_name)});
}

Expected<void> RunSession::check_traps() const {
  if (traps_.empty()) return {};
  return std::unexpected(
      Error{ExitCode::check_failed,
            fmt::format("{} trapped in {}", names(" or "), trapped_function(traps_.front())),
            with_line_ends(fmt::format("{}", fmt::join(traps_, "\n"))),
            "--trace shows each call into the module and out of it"});
}

/// Says what is as it should be.
Expected<void> RunSession::check_expectations(const http::Response& with) {
  std::vector<std::string> unmet;
  for (const traffic::Expectation& expectation : plan_.expectations) {
    if (is_met(expectation, with)) continue;
    unmet.push_back(
        fmt::format("expected  {}\nseen      {}", to_string(expectation), seen_instead(expectation, with)));
  }
  if (!unmet.empty()) {
    return std::unexpected(Error{ExitCode::check_failed, "the response does not carry what it should",
                                 fmt::format("{}", fmt::join(unmet, "\n")),
                                 "--log-level debug shows what the filter and Envoy did"});
  }
  if (plan_.expectations.empty()) {
    environment_.terminal.say("ok", "the filter loaded, and both requests were answered", Style::good);
  }
  for (const traffic::Expectation& expectation : plan_.expectations) {
    environment_.terminal.say("ok", to_string(expectation), Style::good);
  }
  return {};
}

Expected<void> RunSession::serve() {
  std::future<void> headers;  // ends with us: an interrupt ends the compiler
  if (plan_.watch) {
    if (const auto watched = watch_folders(); !watched) return watched;
    headers = std::async(std::launch::async, [this] { precompile_headers(); });
  }
  look_at_stats();
  phase_ = Phase::serving;
  say_where();
  if (plan_.browser) open_browser(environment_, url_of(port()));
  const auto step = std::chrono::milliseconds(plan_.watch ? 50 : 250);
  while (!environment_.interrupted()) {
    for (const envoy::Exchange& exchange : std::exchange(pending_, {})) take_exchange(exchange);
    if (!server_->pump(step) && !environment_.interrupted()) return std::unexpected(envoy_ended());
    traffic_.look();
    if (traffic_.wants_stats()) look_at_stats();
    for (Served& served : filters_) {
      if (!served.watch || !served.watch->changed()) continue;
      if (headers.valid()) headers.get();
      renew(served);
    }
  }
  end_envoy();
  environment_.terminal.say("served", traffic_.sum());
  environment_.terminal.say("ended", "Envoy, and all that was made for it");
  return {};
}

Expected<void> RunSession::watch_folders() {
  for (Served& served : filters_) {
    auto watched = environment_.watch(folder_of(served.plan.path), is_of_a_filter);
    if (!watched) return std::unexpected(watched.error());
    served.watch = *std::move(watched);
  }
  return {};
}

void RunSession::say_where() {
  const char* const saved = plan_.watch ? "a file that you save is built and served at once; " : "";
  environment_.terminal.say("serving", {fmt::format("{}  (without the filter: {})", url_of(port()),
                                                    url_of(server_->control_port())),
                                        "curl -i " + url_of(port()), fmt::format("{}Ctrl-C ends it", saved)});
  if (plan_.admin) environment_.terminal.say("admin", server_->admin_url() + "/");
}

void RunSession::look_at_stats() {
  if (const auto stats = server_->stats()) traffic_.take_stats(*stats);
}

/// The next compilation takes a quarter of the time. Where it does not work, nothing is lost.
void RunSession::precompile_headers() {
  const auto compiler = wasm::find_compiler(environment_.processes, environment_.variable("WASMUP_WASM_CXX"),
                                            environment_.installation);
  const fs::path output = folder_->path() / "headers.pch";
  if (compiler && wasm::precompile(environment_.processes, *compiler, environment_.installation, output)) {
    headers_ = output;
  }
}

/// What has changed comes in the place of what is served. Whatever is wrong with it, the old one goes on.
void RunSession::renew(Served& served) {
  terminal::Terminal& terminal = environment_.terminal;
  const Expected<void> renewed = replace_filter(served);
  phase_ = Phase::serving;
  if (renewed || renewed.error().code == ExitCode::interrupted) return;
  terminal.report(renewed.error());
  terminal.say("serving", "what was served before", Style::warning);
}

Expected<void> RunSession::replace_filter(Served& served) {
  terminal::Terminal& terminal = environment_.terminal;
  if (served.plan.config) {
    Expected<std::string> configuration = read_plugin_configuration(*served.plan.config);
    if (!configuration) return std::unexpected(configuration.error());
    served.plan.configuration = *std::move(configuration);
  }
  const fs::path old = served.module;
  if (const auto put = put_module(served); !put) return put;
  terminal.begin("replacing", "the filter in Envoy");
  traps_.clear();
  if (const auto swapped = server_->swap(filter(served)); !swapped) {
    std::error_code ignored;
    fs::remove(std::exchange(served.module, old), ignored);
    Error error = swapped.error();
    error.what = fmt::format("Envoy did not take {}", served.module_name);
    return std::unexpected(error);
  }
  std::error_code ignored;
  fs::remove(old, ignored);
  terminal.done("live", fmt::format("{}, without a connection dropped", served.module_name));
  phase_ = Phase::checking;
  const Expected<Answers> answers = ask();
  if (!answers) return std::unexpected(answers.error());
  print_comparison(terminal, answers->without, answers->with);
  if (const auto sound = check_traps(); !sound) return sound;
  for (const Expected<void>& met : {check_expectations(answers->with), check_requests()}) {
    if (!met) warn(met.error());
  }
  return {};
}

void RunSession::end_envoy() {
  phase_ = Phase::ending;
  server_.reset();
}

void RunSession::take_log_line(const envoy::LogLine& line) {
  constexpr size_t most_recent = 100;
  recent_.push_back(line);
  if (recent_.size() > most_recent) recent_.pop_front();
  const bool trap = is_trap(line);
  if (trap) {
    traps_.push_back(line.message);
    traffic_.add_trap();
  }
  if (plan_.trace && trace_.add(line)) return;
  if (line.from_module) return show_module_line(line);
  // That the wasm logger says all is our doing.
  const bool asked_for = plan_.log_level == "trace" || !plan_.trace;
  if (line.logger == "wasm" && (line.level == "trace" || line.level == "debug") && !asked_for) return;
  // No news is that Envoy was told to end. Why it cannot start, and a trap during the check, are in the
  // error.
  const bool wanted = phase_ == Phase::serving || (phase_ == Phase::checking && !trap) ||
                      (phase_ == Phase::starting && plan_.log_level);
  if (!wanted) return;
  const std::string source = line.logger.empty() ? "" : fmt::format("[{}] {}: ", line.logger, line.level);
  environment_.terminal.say(
      "envoy", text::lines_of(source + (trap ? with_line_ends(line.message) : line.message)), style_of(line));
  if (trap && traps_.size() == 1) {
    const bool open = plan_.failure_policy == envoy::FailurePolicy::fail_open;
    environment_.terminal.say("trapped",
                              open ? "where that happened, traffic passes without the filter from now on"
                                   : "where that happened, Envoy answers 503 from now on",
                              Style::bad);
  }
}

void RunSession::show_module_line(const envoy::LogLine& line) {
  const auto of = std::ranges::find(filters_, line.vm, &Served::name);
  const std::string by = filters_.size() > 1 && of != filters_.end() ? of->module_name + " " : "";
  environment_.terminal.say("filter", fmt::format("{}{}: {}", by, line.level, line.message), style_of(line));
}

/// Those of the check are shown by the check. Which they are is known when their answers have come.
void RunSession::take_exchange(const envoy::Exchange& exchange) {
  if (phase_ == Phase::serving && own_ports_.erase(exchange.port) == 0) return traffic_.add(exchange);
  if (phase_ == Phase::checking) pending_.push_back(exchange);
}

Error RunSession::envoy_ended() const {
  const std::vector<envoy::LogLine> log(recent_.begin(), recent_.end());
  std::string reason = envoy::reason_in(log);
  if (reason.empty()) reason = "it did not say why";
  return {ExitCode::environment, "Envoy ended", std::move(reason),
          "--log-level debug shows what it did before"};
}

}  // namespace wasmup::commands
