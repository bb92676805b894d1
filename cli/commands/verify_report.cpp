// SPDX-License-Identifier: MIT
#include "verify_report.hpp"

#include <fmt/format.h>

namespace wasmup::commands {
namespace {

using terminal::Style;

std::string times(int count) { return count == 1 ? "" : fmt::format("  ({} requests)", count); }

/// The name, and what was asked, unless the name says that.
terminal::Lines title(const traffic::CaseResult& result) {
  const std::string line = result.tried.request.method + " " + result.tried.request.url;
  std::vector<std::string> title{line};
  if (result.tried.name != line) title.insert(title.begin(), result.tried.name);
  if (result.tried.count > 1)
    title.back() += fmt::format("  (request {} of {})", result.sent, result.tried.count);
  return title;
}

void print_failure(terminal::Terminal& terminal, const traffic::CaseResult& result) {
  terminal.say("failed", title(result), Style::bad);
  if (!result.no_answer.empty()) {
    terminal.say("", "no answer: " + result.no_answer);
    return;
  }
  for (const traffic::Finding& finding : result.findings) {
    if (finding.met) {
      terminal.say("", "met       " + finding.expected, Style::good);
    } else {
      terminal.say("", {"expected  " + finding.expected, "seen      " + finding.seen}, Style::bad);
    }
  }
}

}  // namespace

void print_report(terminal::Terminal& terminal, const traffic::Report& report) {
  for (const traffic::CaseResult& result : report.results) {
    if (result.holds()) {
      terminal.say("ok", result.tried.name + times(result.tried.count), Style::good);
    } else {
      print_failure(terminal, result);
    }
  }
}

}  // namespace wasmup::commands
