// SPDX-License-Identifier: MIT
#include "run_session.hpp"

#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <future>

#include "../text/file.hpp"
#include "../text/visible.hpp"
#include "../wasm/compiler.hpp"
#include "../wasm/filter_source.hpp"
#include "../wasm/module_check.hpp"
#include "print_comparison.hpp"
#include "trap.hpp"

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
  if (const auto got = get_module(); !got) return got;
  if (const auto started = start_envoy(); !started) return started;
  const Expected<Answers> answers = ask();
  if (!answers) return std::unexpected(answers.error());
  if (const auto reached = check_upstream(answers->without); !reached) return reached;
  print_comparison(terminal, answers->without, answers->with);

  // Callbacks after the response may trap too: all of them have run when Envoy has ended.
  if (plan_.once) end_envoy();
  if (const auto sound = check_traps(); !sound) return sound;
  const Expected<void> met = check_expectations(answers->with);
  if (plan_.once && !met) return met;
  if (!met) {
    terminal.say("warning", met.error().what + "\n" + met.error().seen, Style::warning);
  } else if (plan_.expectations.empty()) {
    terminal.say("ok", "the filter loaded, and both requests were answered", Style::good);
  } else {
    for (const traffic::Expectation& expectation : plan_.expectations) {
      terminal.say("ok", to_string(expectation), Style::good);
    }
  }
  return plan_.once ? Expected<void>() : serve();
}

Expected<void> RunSession::get_module() {
  terminal::Terminal& terminal = environment_.terminal;
  Expected<os::TemporaryFolder> folder = os::TemporaryFolder::make("wasmup-run");
  if (!folder) return std::unexpected(folder.error());
  folder_ = *std::move(folder);

  const Expected<std::string> module =
      plan_.filter.extension() == ".wasm" ? text::read_file(plan_.filter) : compile_module();
  if (!module) return std::unexpected(module.error());
  if (module_name_.empty()) {
    module_name_ = plan_.filter.filename().string();
    terminal.say("module", fmt::format("{}  {} bytes", module_name_, module->size()));
  }
  terminal.begin("checking", module_name_);
  if (const auto checked = wasm::check_module(*module, module_name_); !checked) return checked;
  terminal.done("checked", "its imports, exports and signatures suit Envoy");
  // A file of our own: what was checked is what Envoy loads, whatever becomes of the other in the meantime.
  return text::write_file(folder_->path() / "module.wasm", *module);
}

Expected<std::string> RunSession::compile_module() {
  terminal::Terminal& terminal = environment_.terminal;
  const Expected<wasm::FilterSource> source = wasm::find_filter_source(plan_.filter);
  if (!source) return std::unexpected(source.error());
  terminal.begin("compiling", source->name);
  const Expected<wasm::Compiler> compiler = wasm::find_compiler(
      environment_.processes, environment_.variable("WASMUP_WASM_CXX"), environment_.installation);
  if (!compiler) return std::unexpected(compiler.error());
  Expected<wasm::Compiled> compiled =
      wasm::compile(environment_.processes, *compiler, environment_.installation, *source);
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
  options.bootstrap.filters = {{.module = folder_->path() / "module.wasm",
                                .root_id = plan_.root_id,
                                .configuration = plan_.configuration,
                                .failure_policy = plan_.failure_policy}};
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
  Expected<http::Response> with = ask_once(server_->port());
  if (!with) return std::unexpected(with.error());
  terminal.done("asked", "GET / without and with the filter");
  return Answers{*std::move(without), *std::move(with)};
}

Expected<http::Response> RunSession::ask_once(uint16_t port) {
  http::Request request{.url = url_of(port)};
  // The same for both, so that an upstream which answers with what it was asked answers the same.
  request.headers = {{"host", fmt::format("127.0.0.1:{}", server_->port())}};
  // Beside the log: an Envoy that logs much waits until it is read.
  std::future<Expected<http::Response>> answer =
      std::async(std::launch::async, [this, &request] { return environment_.send(request); });
  constexpr std::chrono::milliseconds step{5};
  bool lives = true;
  while (answer.wait_for(lives ? std::chrono::milliseconds(0) : step) != std::future_status::ready) {
    lives = lives && server_->pump(step);
  }
  Expected<http::Response> response = answer.get();
  lives = lives && server_->pump(std::chrono::milliseconds(0));
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

Expected<void> RunSession::check_expectations(const http::Response& with) const {
  std::vector<std::string> unmet;
  for (const traffic::Expectation& expectation : plan_.expectations) {
    if (is_met(expectation, with)) continue;
    unmet.push_back(
        fmt::format("expected  {}\nseen      {}", to_string(expectation), seen_instead(expectation, with)));
  }
  if (unmet.empty()) return {};
  return std::unexpected(Error{ExitCode::check_failed, "the response does not carry what it should",
                               fmt::format("{}", fmt::join(unmet, "\n")),
                               "--log-level debug shows what the filter and Envoy did"});
}

Expected<void> RunSession::serve() {
  terminal::Terminal& terminal = environment_.terminal;
  phase_ = Phase::serving;
  terminal.say("serving", fmt::format("{}  (without the filter: {})\n"
                                      "curl -i {}\n"
                                      "Ctrl-C ends it",
                                      url_of(server_->port()), url_of(server_->control_port()),
                                      url_of(server_->port())));
  while (!environment_.interrupted()) {
    if (!server_->pump(std::chrono::hours(1)) && !environment_.interrupted()) {
      return std::unexpected(envoy_ended());
    }
  }
  end_envoy();
  terminal.say("ended", "Envoy, and all that was made for it");
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
