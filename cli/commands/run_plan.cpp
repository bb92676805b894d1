// SPDX-License-Identifier: MIT
#include "run_plan.hpp"

#include <charconv>
#include <fmt/format.h>
#include <system_error>

#include "../traffic/requests_file.hpp"
#include "find_envoy.hpp"
#include "upstream_url.hpp"

namespace wasmup::commands {
namespace {

namespace fs = std::filesystem;

/// Nothing or 0: a free one.
Expected<uint16_t> parse_port(const std::optional<std::string>& text) {
  uint16_t port = 0;
  if (!text) return port;
  const char* const text_end = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), text_end, port);
  if (error == std::errc() && end == text_end) return port;
  return std::unexpected(Error{ExitCode::usage, fmt::format("--port does not understand '{}'", *text),
                               "a port is a number from 1 to 65535", "leave --port out for a free one"});
}

}  // namespace

Expected<RunPlan> plan_run(const RunFlags& flags, const Environment& environment) {
  RunPlan plan{};
  plan.failure_policy = flags.fail_open ? envoy::FailurePolicy::fail_open : envoy::FailurePolicy::fail_closed;
  plan.log_level = flags.log_level;
  plan.once = flags.once;
  plan.watch = flags.watch;
  plan.trace = flags.trace;
  plan.admin = flags.admin;
  plan.browser = flags.browser;
  if (plan.once && plan.watch) {
    return std::unexpected(Error{ExitCode::usage, "--once and --watch do not go together",
                                 "the one ends after a check, the other goes on", ""});
  }
  if (flags.gateway && (flags.upstream || flags.log_level || flags.trace || flags.admin)) {
    return std::unexpected(
        Error{ExitCode::usage, "--gateway goes with none of --upstream, --log-level, --trace and --admin",
              "the gateway's routes say where traffic goes, and it has its own logs",
              "wasmup gateway apply FILE --backend default/backend=HOST:PORT; wasmup gateway logs"});
  }
  for (const FilterFlags& filter : flags.filters) {
    Expected<PlannedFilter> planned = plan_filter(filter, environment);
    if (!planned) return std::unexpected(planned.error());
    plan.filters.push_back(*std::move(planned));
  }

  plan.upstream_name = "the built-in upstream";
  if (flags.upstream) {
    const Expected<envoy::Upstream> upstream = parse_upstream_url(*flags.upstream);
    if (!upstream) return std::unexpected(upstream.error());
    plan.upstream = *upstream;
    plan.upstream_name = *flags.upstream;
  }

  const fs::path default_filter = environment.installation.root / "filters" / "add_header";
  Expected<std::vector<traffic::Expectation>> expectations = traffic::parse_expectations(flags.expect);
  if (!expectations) return std::unexpected(expectations.error());
  plan.expectations = *std::move(expectations);
  if (flags.requests) {
    plan.requests = text::Origin{*flags.requests};
  } else if (plan.filters.size() == 1) {
    plan.requests =
        plan.filters.front().requests;  // what they expect of one filter need not hold behind another
  }
  if (plan.requests) {
    const auto requests = traffic::read_requests_file(*plan.requests);
    if (!requests) return std::unexpected(requests.error());
  }
  std::error_code error;
  const fs::path& first = plan.filters.front().path;
  if (plan.expectations.empty() && plan.filters.size() == 1 &&
      (first == default_filter || fs::equivalent(first, default_filter, error))) {
    plan.expectations = {{"x-wasm-custom", {"FOO"}}};  // what the default filter is for
  }

  const Expected<fs::path> envoy = find_envoy(environment, flags.envoy);
  if (!envoy) return std::unexpected(envoy.error());
  plan.envoy = *envoy;

  const Expected<uint16_t> port = parse_port(flags.port);
  if (!port) return std::unexpected(port.error());
  plan.port = *port;
  if (plan.port != 0) {
    const Expected<void> free = environment.network.check_free(plan.port);
    if (!free) return std::unexpected(free.error());
  }
  return plan;
}

}  // namespace wasmup::commands
