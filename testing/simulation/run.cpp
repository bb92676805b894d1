// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <algorithm>
#include <exception>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "player.hpp"

namespace wasmup::testing::simulation {
namespace {

constexpr int repetitions = 150;

void look_at(SimulatedHost& host, Outcome& outcome) {
  outcome.streams = host.streams();
  outcome.failed_hostcalls = host.watch().failed();
  outcome.made = host.watch().made();
  for (const std::string& name : host.watch().headers_asked_for()) outcome.headers_asked_for.push_back(name);
  const auto has = [&](std::initializer_list<const char*> callbacks) {
    return std::ranges::any_of(callbacks, [&](const char* name) { return host.exports(name); });
  };
  outcome.protocols.tcp =
      has({"proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data",
           "proxy_on_downstream_connection_close", "proxy_on_upstream_connection_close"});
  outcome.protocols.http =
      !outcome.protocols.tcp ||
      has({"proxy_on_request_headers", "proxy_on_request_body", "proxy_on_request_trailers",
           "proxy_on_response_headers", "proxy_on_response_body", "proxy_on_response_trailers"});
}

/// The same traffic again and again: what it takes of memory, it gives back.
void repeat(SimulatedHost& host) {
  if (!host.memory_pages()) return;  // the source itself has no memory of its own
  std::vector<size_t> pages;
  for (int round = 0; round != 3; ++round) {
    for (int i = 0; i != repetitions && host.has_started(); ++i) {
      host.play();
      host.forget_records();
    }
    pages.push_back(host.memory_pages().value_or(0));
  }
  if (pages[0] < pages[1] && pages[1] < pages[2]) {
    host.watch().accuse("the module's memory grows while the same traffic comes again and again: " +
                        std::to_string(pages[0]) + ", " + std::to_string(pages[1]) + ", " +
                        std::to_string(pages[2]) + " pages of 64 KiB");
  }
}

void play(const Plan& plan, const SimulationOptions& options, const Invariant& invariant,
          const std::function<void(const std::string&)>& trace, Outcome& outcome) {
  SimulatedHost host(plan, options, invariant, trace);
  if (!host.has_started()) {
    // A filter may refuse to start when a hostcall fails; it may not trap.
    const bool may_refuse = host.watch().failed() != 0 && host.failure().ends_with("returned false");
    if (!may_refuse) {
      std::string text = "the filter does not start: " + host.failure();
      for (const LogLine& line : host.logs()) text += "\n  it logged: " + line.text;
      if (host.failure().ends_with("returned false")) {
        text += "\n  a simulation needs the plugin configuration that the filter is made for";
      }
      host.watch().accuse(text);
    }
  } else if (plan.name.repeats) {
    repeat(host);
  } else {
    host.play();
    host.conclude();
  }
  look_at(host, outcome);
  outcome.failures = host.watch().accusations();
  outcome.trace = host.watch().trace();
}

std::string text_of(const ::testing::TestPartResult& result) {
  std::string text = result.message();
  if (text.starts_with("Failed\n")) text.erase(0, 7);
  if (result.file_name() != nullptr &&
      std::string_view(result.file_name()).find("/testing/") == std::string_view::npos) {
    text = std::string(result.file_name()) + ":" + std::to_string(result.line_number()) + ": " + text;
  }
  return text;
}

}  // namespace

Outcome run(const Plan& plan, const SimulationOptions& options, const Invariant& invariant,
            const std::function<void(const std::string&)>& trace) {
  Outcome outcome;
  ::testing::TestPartResultArray results;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    try {
      play(plan, options, invariant, trace, outcome);
    } catch (const std::exception& error) {
      outcome.failures.emplace_back(error.what());
    }
  }
  for (int i = 0; i != results.size(); ++i) {
    const ::testing::TestPartResult& result = results.GetTestPartResult(i);
    std::string text = text_of(result);
    if (result.failed() && std::ranges::find(outcome.failures, text) == outcome.failures.end()) {
      outcome.failures.push_back(std::move(text));
    }
  }
  return outcome;
}

}  // namespace wasmup::testing::simulation
