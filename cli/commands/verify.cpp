// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <memory>

#include "../text/file.hpp"
#include "../traffic/check.hpp"
#include "../traffic/duration.hpp"
#include "../traffic/report.hpp"
#include "command.hpp"
#include "verify_plan.hpp"
#include "verify_report.hpp"

namespace wasmup::commands {
namespace {

using std::chrono::milliseconds;

constexpr const char* examples =
    "A file has a list of requests:\n"
    "  requests:\n"
    "    - name: the header is there\n"
    "      path: /get                  # of --url or the file's own url:; or url:\n"
    "      method: POST                # default: GET, and POST with a body\n"
    "      headers: {x-name: a}\n"
    "      body: text\n"
    "      count: 3                    # each of them must hold\n"
    "      expect:\n"
    "        status: 200\n"
    "        headers: {x-wasm-custom: FOO}   # exactly once; [a, b]: these, in order\n"
    "        absent: [server]\n"
    "        body: {contains: hello}   # or equals, lacks\n"
    "        trailers: {x-t: \"1\"}\n"
    "\n"
    "Exit codes: 0 all hold; 1 a response was not as expected; 2 a flag or the file\n"
    "cannot be right; 5 no answer at all; 130 interrupted (Ctrl-C).\n"
    "\n"
    "Examples:\n"
    "  wasmup verify http://127.0.0.1:8080/ --host www.example.com --status 200 \\\n"
    "      --expect-header x-wasm-custom=FOO --within 30s\n"
    "      Ask until the header is there, once and with this value; 30 s at most.\n"
    "  wasmup verify requests.yaml --url http://127.0.0.1:8080 --junit report.xml\n"
    "      Every request of a file, once, with a report for CI.";

/// What a person sees while there is nothing to do but wait.
std::string progress(const traffic::Report& report, milliseconds left) {
  const traffic::CaseResult& failure = *report.first_failure();
  std::string seen = failure.no_answer;
  for (const traffic::Finding& finding : failure.findings) {
    if (!finding.met && seen.empty()) seen = finding.seen;
  }
  constexpr size_t most = 40;
  if (seen.size() > most) seen = seen.substr(0, most) + "...";
  return fmt::format("attempt {}, {} left: {}", report.attempts, traffic::to_string(left), seen);
}

Expected<void> verify(const VerifyFlags& flags, Environment& environment) {
  const Expected<VerifyPlan> plan = plan_verify(flags, environment);
  if (!plan) return std::unexpected(plan.error());
  terminal::Terminal& terminal = environment.terminal;
  traffic::Patience patience{.within = plan->within};
  if (!flags.json) {
    terminal.begin("asking", flags.target);
    patience.on_wait = [&terminal](const traffic::Report& report, milliseconds left) {
      terminal.begin("waiting", progress(report, left));
    };
  }
  const Expected<traffic::Report> report = traffic::check(
      plan->cases, patience, {environment.send, environment.now, environment.pause, environment.interrupted});
  terminal.give_up();
  if (!report) return std::unexpected(report.error());
  if (flags.json) {
    terminal.print(traffic::to_json(*report));
  } else {
    print_report(terminal, *report);
  }
  if (flags.junit) {
    const auto written = text::write_file(*flags.junit, traffic::to_junit(*report, flags.target));
    if (!written) return written;
  }
  return traffic::verdict(*report);
}

}  // namespace

void add_verify(CLI::App& program, Environment& environment, Action& action) {
  const auto flags = std::make_shared<VerifyFlags>();
  CLI::App& command = *program.add_subcommand("verify", "Send requests and check what the responses carry");
  command.add_option("TARGET", flags->target, "A URL, or a file with requests and expectations (YAML)")
      ->required()
      ->option_text("URL|FILE");
  command.add_option("--status", flags->status, "Of each response")
      ->option_text("NUMBER")
      ->check(CLI::Range(100, 599));
  command
      .add_option(
          "--expect-header", flags->expect_headers,
          "The response has this header exactly once, with\nthis value; repeated: these, in this order")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--absent", flags->absent, "The response has no such header (may be repeated)")
      ->option_text("NAME")
      ->allow_extra_args(false);
  command
      .add_option("--body-contains", flags->body_contains, "The body has this text in it (may be repeated)")
      ->option_text("TEXT")
      ->allow_extra_args(false);
  command.add_option("--expect-trailer", flags->expect_trailers, "Like --expect-header, after the body")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--method", flags->method, "Default: GET, and POST with --data")->type_name("METHOD");
  command.add_option("--data", flags->data, "The request's body")->option_text("TEXT");
  command.add_option("--header", flags->headers, "Of the request (may be repeated)")
      ->option_text("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--count", flags->count, "So many requests, each of which must hold")
      ->option_text("NUMBER")
      ->check(CLI::Range(1, 10'000));
  command.add_option("--url", flags->url, "The server to ask what is in a file")->type_name("URL");
  command.add_option("--host", flags->host, "Host header of every request that has none")->type_name("NAME");
  command
      .add_option("--within", flags->within,
                  "Ask again until all holds at once, or the time\n"
                  "is up: 30s, 500ms, 2m (default: ask once)")
      ->option_text("TIME");
  command.add_option("--timeout", flags->timeout, "For one response (default: 10s)")->option_text("TIME");
  command.add_option("--connect-to", flags->connect_to, "Connect there, whatever the URL names")
      ->option_text("HOST:PORT");
  command.add_option("--cacert", flags->cacert, "Certificates to trust (PEM)")->type_name("FILE");
  command.add_flag("--insecure", flags->insecure, "Take any certificate");
  command.add_flag("--json", flags->json, "Print the report as JSON");
  command.add_option("--junit", flags->junit, "Write the report as JUnit's XML")->type_name("FILE");
  command.footer(examples);
  command.callback([flags, &environment, &action] {
    action = [flags, &environment] { return verify(*flags, environment); };
  });
}

}  // namespace wasmup::commands
