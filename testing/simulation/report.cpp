// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <cerrno>
#include <gtest/gtest.h>

#include "../names.hpp"

namespace wasmup::testing::simulation {
namespace {

constexpr size_t most_lines = 80;
constexpr size_t longest_line = 160;

std::string status_text(const std::string& hostcall, uint32_t status) {
  if (!hostcall.starts_with("proxy_")) return "WASI's error " + std::to_string(status);
  return name_of(static_cast<Status>(status));
}

/// What is special about a run besides its events.
std::vector<std::string> settings_of(const Plan& plan, const SimulationOptions& options,
                                     const Outcome& outcome) {
  std::vector<std::string> lines;
  if (plan.buffer_limit != options.host.buffer_limit) {
    lines.push_back("Envoy's buffer limit is " + std::to_string(plan.buffer_limit) +
                    " bytes, as Envoy Gateway sets it");
  }
  if (!plan.knows_clusters) lines.emplace_back("Envoy does not know the clusters that the filter asks for");
  if (plan.fails_at_random) lines.emplace_back("some hostcalls fail");
  if (const auto& fault = plan.name.fault) {
    for (const Watch::Made& made : outcome.made) {
      if (made.event != fault->event || made.nth != fault->nth) continue;
      const std::string when = fault->event == at_start ? "while the filter starts"
                               : fault->event == at_end ? "at the end"
                                                        : "in event " + std::to_string(fault->event);
      lines.push_back("a hostcall fails " + when + ": " + made.hostcall + " = " +
                      status_text(made.hostcall, fault->status));
    }
  }
  return lines;
}

std::string how_again(const SimulationOptions& options, const std::string& seed) {
  if (options.command) return options.command(seed);
  std::string command = "WASMUP_SIMULATE_SEED=" + seed + " " + program_invocation_name;
  if (const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info()) {
    command += std::string(" --gtest_filter=") + test->test_suite_name() + "." + test->name();
  }
  return command;
}

}  // namespace

void write_report(SimulationReport& report, const SimulationOptions& options, const Plan& whole,
                  const Plan& small, const Outcome& outcome) {
  report.seed = whole.name.text();
  report.failures = outcome.failures;
  report.trace = outcome.trace;
  report.events_before = whole.events.size();
  report.events = settings_of(small, options, outcome);
  for (const Event& event : small.events) {
    report.events.push_back(std::to_string(event.serial) + ". " + text_of(event));
  }
  std::string& text = report.text;
  text = "simulation: seed " + report.seed + " fails\n";
  for (const std::string& failure : report.failures) text += "  " + failure + "\n";
  text += "what it takes, of " + std::to_string(report.events_before) + " events:\n";
  for (const std::string& event : report.events) text += "  " + event + "\n";
  if (!report.trace.empty()) text += "callbacks and hostcalls:\n";
  const size_t size = report.trace.size();
  for (size_t i = 0; i != size; ++i) {
    if (size > most_lines && i == most_lines / 2) {
      text += "  ... " + std::to_string(size - most_lines) + " more lines\n";
      i = size - most_lines / 2;
    }
    const std::string& line = report.trace[i];
    text += "  " + (line.size() > longest_line ? line.substr(0, longest_line) + "..." : line) + "\n";
  }
  text += "to play it again: " + how_again(options, report.seed) + "\n";
}

}  // namespace wasmup::testing::simulation
