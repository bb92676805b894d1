// SPDX-License-Identifier: MIT
#include "run_session.hpp"

#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <future>

#include "../text/file.hpp"
#include "../text/visible.hpp"
#include "../traffic/check.hpp"
#include "../traffic/requests_file.hpp"
#include "../wasm/compiler.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/module_check.hpp"
#include "cache_folder.hpp"
#include "filter_folder.hpp"
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

/// Whether a filter is made of such files.
bool is_of_a_filter(std::string_view name) {
  for (const char* ending : {".cpp", ".hpp", ".h", ".json", ".yaml", ".wasm"}) {
    if (name.ends_with(ending)) return true;
  }
  return false;
}

}  // namespace

/// Does it while Envoy's log is read: an Envoy that logs much waits until it is.
template <class Work>
auto RunSession::beside_log(Work work) {
  auto result = std::async(std::launch::async, std::move(work));
  constexpr std::chrono::milliseconds step{5};
  bool lives = server_ != nullptr;
  while (result.wait_for(lives ? std::chrono::milliseconds(0) : step) != std::future_status::ready) {
    lives = lives && server_->pump(step);
  }
  return result.get();
}

Expected<void> RunSession::run() {
  terminal::Terminal& terminal = environment_.terminal;
  if (const auto got = get_module(); !got) return got;
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
  const Expected<traffic::Report> report = beside_log([&] {
    return traffic::check(
        *cases, {}, {environment_.send, environment_.now, environment_.pause, environment_.interrupted});
  });
  if (!report) return std::unexpected(report.error());
  print_report(environment_.terminal, *report);
  return traffic::verdict(*report);
}

void RunSession::warn(const Error& error) {
  environment_.terminal.say("warning", error.what + "\n" + error.seen, Style::warning);
}

Expected<void> RunSession::get_module() {
  Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-run");
  if (!folder) return std::unexpected(folder.error());
  folder_ = *std::move(folder);

  return put_module();
}

/// The filter as it is now, checked, as a file of our own: what was checked is what Envoy loads, whatever
/// becomes of the other in the meantime. A new one has a new name, or Envoy would not look at it.
Expected<void> RunSession::put_module() {
  terminal::Terminal& terminal = environment_.terminal;
  const bool is_module = plan_.filter.extension() == ".wasm";
  const Expected<std::string> module = is_module ? text::read_file(plan_.filter) : compile_module();
  if (!module) return std::unexpected(module.error());
  if (is_module) {
    module_name_ = plan_.filter.filename().string();
    terminal.say("module", fmt::format("{}  {} bytes", module_name_, module->size()));
  }
  terminal.begin("checking", module_name_);
  if (const auto checked = wasm::check_module(*module, module_name_); !checked) return checked;
  terminal.done("checked", "its imports, exports and signatures suit Envoy");
  filters_connections_ = wasm::filters_connections(*module);
  if (filters_connections_ && plan_.watch) {
    return std::unexpected(Error{ExitCode::usage, "--watch is for HTTP filters",
                                 module_name_ + " is a filter of TCP connections", "leave --watch out"});
  }
  const fs::path file = folder_->path() / fmt::format("module-{}.wasm", ++modules_);
  if (const auto written = text::write_file(file, *module); !written) return written;
  module_ = file;
  return {};
}

envoy::WasmFilter RunSession::filter() const {
  return {.module = module_,
          .root_id = plan_.root_id,
          .configuration = plan_.configuration,
          .failure_policy = plan_.failure_policy};
}

Expected<std::string> RunSession::compile_module() {
  terminal::Terminal& terminal = environment_.terminal;
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(plan_.filter);
  if (!source) return std::unexpected(source.error());
  terminal.begin("compiling", source->name);
  const Expected<wasm::Compiler> compiler = wasm::find_compiler(
      environment_.processes, environment_.variable("WASMUP_WASM_CXX"), environment_.installation);
  if (!compiler) return std::unexpected(compiler.error());
  announce_first_compilation(environment_, *compiler);
  Expected<wasm::Compiled> compiled = beside_log([&] {
    return wasm::compile(environment_.processes, *compiler, environment_.installation, *source,
                         wasm::Optimize::size, headers_);
  });
  if (!compiled) return std::unexpected(compiled.error());
  terminal.print(text::visible(compiled->warnings));
  module_name_ = source->name + ".wasm";
  terminal.done("compiled", fmt::format("{}  {} bytes", module_name_, compiled->module.size()));
  return std::move(compiled->module);
}

Expected<void> RunSession::start_envoy() {
  terminal::Terminal& terminal = environment_.terminal;
  terminal.begin("starting", "Envoy");
  envoy::ServerOptions options;
  options.executable = plan_.envoy;
  options.bootstrap.port = plan_.port;
  options.bootstrap.upstream = plan_.upstream;
  (filters_connections_ ? options.bootstrap.tcp_filters : options.bootstrap.filters) = {filter()};
  if (filters_connections_) std::swap(options.bootstrap.port, options.bootstrap.tcp_port);
  if (plan_.watch) options.bootstrap.discovery_file = folder_->path() / "filter.json";
  options.log_level = plan_.log_level.value_or(options.log_level);
  options.wasm_log_level = plan_.log_level.value_or(options.wasm_log_level);
  options.on_log = [this](const envoy::LogLine& line) { take_log_line(line); };
  Expected<std::unique_ptr<envoy::Server>> server = environment_.start_envoy(std::move(options));
  if (!server) {
    Error error = server.error();
    if (error.code == ExitCode::module_refused) {
      error.what = fmt::format("Envoy did not take {}", module_name_);
      error.next = "mend the filter, or give it another --config or --root-id";
    }
    return std::unexpected(error);
  }
  server_ = *std::move(server);
  phase_ = Phase::checking;
  terminal.done("started", fmt::format("Envoy, with the filter before {}", plan_.upstream_name));
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
  Expected<http::Response> response = beside_log([&] { return environment_.send(request); });
  const bool lives = server_->pump(std::chrono::milliseconds(0));
  if (!response && !lives) return std::unexpected(envoy_ended());
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
  return std::unexpected(Error{
      ExitCode::check_failed, fmt::format("{} trapped in {}", module_name_, trapped_function(traps_.front())),
      with_line_ends(fmt::format("{}", fmt::join(traps_, "\n"))),
      "--log-level trace shows each call into the module and out of it"});
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
  terminal::Terminal& terminal = environment_.terminal;
  phase_ = Phase::serving;
  std::unique_ptr<os::FolderWatch> watch;
  std::future<void> headers;  // ends with us: an interrupt ends the compiler
  if (plan_.watch) {
    auto watched = environment_.watch(folder_of(plan_.filter), is_of_a_filter);
    if (!watched) return std::unexpected(watched.error());
    watch = *std::move(watched);
    headers = std::async(std::launch::async, [this] { precompile_headers(); });
  }
  terminal.say("serving", fmt::format("{}  (without the filter: {})\n"
                                      "curl -i {}\n"
                                      "{}Ctrl-C ends it",
                                      url_of(port()), url_of(server_->control_port()), url_of(port()),
                                      watch ? "a file that you save is built and served at once; " : ""));
  const auto step = watch ? std::chrono::milliseconds(50) : std::chrono::hours(1);
  while (!environment_.interrupted()) {
    if (!server_->pump(step) && !environment_.interrupted()) return std::unexpected(envoy_ended());
    if (!watch || !watch->changed()) continue;
    if (headers.valid()) headers.get();
    renew();
  }
  end_envoy();
  terminal.say("ended", "Envoy, and all that was made for it");
  return {};
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
void RunSession::renew() {
  terminal::Terminal& terminal = environment_.terminal;
  const Expected<void> renewed = replace_filter();
  phase_ = Phase::serving;
  if (renewed || renewed.error().code == ExitCode::interrupted) return;
  terminal.report(renewed.error());
  terminal.say("serving", "what was served before", Style::warning);
}

Expected<void> RunSession::replace_filter() {
  terminal::Terminal& terminal = environment_.terminal;
  if (plan_.config) {
    Expected<std::string> configuration = read_plugin_configuration(*plan_.config);
    if (!configuration) return std::unexpected(configuration.error());
    plan_.configuration = *std::move(configuration);
  }
  const fs::path old = module_;
  if (const auto put = put_module(); !put) return put;
  terminal.begin("replacing", "the filter in Envoy");
  traps_.clear();
  if (const auto swapped = server_->swap(filter()); !swapped) {
    std::error_code ignored;
    fs::remove(std::exchange(module_, old), ignored);
    Error error = swapped.error();
    error.what = fmt::format("Envoy did not take {}", module_name_);
    return std::unexpected(error);
  }
  std::error_code ignored;
  fs::remove(old, ignored);
  terminal.done("live", fmt::format("{}, without a connection dropped", module_name_));
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
  if (trap) traps_.push_back(line.message);

  if (line.from_module) {
    environment_.terminal.say("filter", line.level + ": " + line.message, style_of(line));
    return;
  }
  // No news is that Envoy was told to end. Why it cannot start, and a trap during the check, are in the
  // error.
  const bool wanted = phase_ == Phase::serving || (phase_ == Phase::checking && !trap) ||
                      (phase_ == Phase::starting && plan_.log_level);
  if (!wanted) return;
  const std::string source = line.logger.empty() ? "" : fmt::format("[{}] {}: ", line.logger, line.level);
  environment_.terminal.say("envoy", source + (trap ? with_line_ends(line.message) : line.message),
                            style_of(line));
  if (trap && traps_.size() == 1) {
    const bool open = plan_.failure_policy == envoy::FailurePolicy::fail_open;
    environment_.terminal.say("trapped",
                              open ? "where that happened, traffic passes without the filter from now on"
                                   : "where that happened, Envoy answers 503 from now on",
                              Style::bad);
  }
}

Error RunSession::envoy_ended() const {
  const std::vector<envoy::LogLine> log(recent_.begin(), recent_.end());
  std::string reason = envoy::reason_in(log);
  if (reason.empty()) reason = "it did not say why";
  return {ExitCode::environment, "Envoy ended", std::move(reason),
          "--log-level debug shows what it did before"};
}

}  // namespace wasmup::commands
