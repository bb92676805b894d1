// SPDX-License-Identifier: MIT
#include "check.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "curl_line.hpp"
#include "duration.hpp"

namespace wasmup::traffic {
namespace {

using std::chrono::milliseconds;
using TimePoint = std::chrono::steady_clock::time_point;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{2000};
constexpr milliseconds shortest_limit{1000};

milliseconds between(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<milliseconds>(to - from);
}

Error interrupted() {
  return {ExitCode::interrupted, "the check did not come to its end", "interrupted", ""};
}

std::vector<Finding> judge(const std::vector<Expectation>& expectations, const http::Response& response) {
  std::vector<Finding> findings;
  for (const Expectation& expectation : expectations) {
    const bool met = is_met(expectation, response);
    findings.push_back({to_string(expectation), met, met ? "" : seen_instead(expectation, response)});
  }
  return findings;
}

/// One check on its way.
class Check {
 public:
  Check(const std::vector<Case>& cases, const Patience& patience, const Means& means)
      : patience_(patience), means_(means), begun_(means.now()), deadline_(begun_ + patience.within) {
    for (const Case& one : cases)
      report_.results.push_back({.tried = one, .no_answer = "not asked: no time was left"});
  }

  Expected<Report> run() {
    for (milliseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
      const bool is_last = left().count() <= 0;
      if (const auto tried = attempt(); !tried) return std::unexpected(tried.error());
      report_.time = between(begun_, means_.now());
      if (report_.holds() || is_last) return report_;
      if (patience_.on_wait) patience_.on_wait(report_, std::max(left(), milliseconds(0)));
      means_.pause(std::clamp(left(), milliseconds(0), pause));
      if (means_.interrupted()) return std::unexpected(interrupted());
    }
  }

 private:
  milliseconds left() const { return between(means_.now(), deadline_); }

  Expected<void> attempt() {
    ++report_.attempts;
    bool holds = true;
    for (CaseResult& result : report_.results) {
      if (!holds && patience_.within.count() > 0 && left().count() <= 0) return {};
      if (const auto tried = try_case(result); !tried) return tried;
      holds = holds && result.holds();
    }
    return {};
  }

  Expected<void> try_case(CaseResult& result) {
    const TimePoint begun = means_.now();
    result = {.tried = std::move(result.tried)};
    while (result.sent < result.tried.count) {
      if (means_.interrupted()) return std::unexpected(interrupted());
      if (const auto asked = ask(result); !asked) return asked;
      if (!result.no_answer.empty() || !std::ranges::all_of(result.findings, &Finding::met)) break;
    }
    result.time = between(begun, means_.now());
    return {};
  }

  Expected<void> ask(CaseResult& result) {
    http::Request request = result.tried.request;
    if (patience_.within.count() > 0)
      request.limit = std::min(request.limit, std::max(left(), shortest_limit));
    Expected<http::Response> response = means_.send(request);
    ++result.sent;
    if (!response) {
      if (response.error().code != ExitCode::environment) return std::unexpected(response.error());
      result.no_answer = response.error().seen;
      result.findings.clear();
      return {};
    }
    report_.answered = true;
    result.response = *std::move(response);
    result.findings = judge(result.tried.expectations, result.response);
    return {};
  }

  const Patience& patience_;
  const Means& means_;
  TimePoint begun_;
  TimePoint deadline_;
  Report report_ = {};
};

}  // namespace

bool CaseResult::holds() const {
  return sent == tried.count && no_answer.empty() && std::ranges::all_of(findings, &Finding::met);
}

bool Report::holds() const { return std::ranges::all_of(results, &CaseResult::holds); }

const CaseResult* Report::first_failure() const {
  const auto found = std::ranges::find_if_not(results, &CaseResult::holds);
  return found == results.end() ? nullptr : &*found;
}

Expected<Report> check(const std::vector<Case>& cases, const Patience& patience, const Means& means) {
  return Check(cases, patience, means).run();
}

Expected<void> verdict(const Report& report) {
  const CaseResult* failure = report.first_failure();
  if (failure == nullptr) return {};
  const std::string tries = fmt::format("after {} attempt{} in {}", report.attempts,
                                        report.attempts == 1 ? "" : "s", to_string(report.time));
  const std::string next = curl_line(failure->tried.request);
  if (!report.answered) {
    return std::unexpected(Error{ExitCode::environment, "no answer from " + failure->tried.request.url,
                                 fmt::format("{}, {}", failure->no_answer, tries), next});
  }
  const auto failed = std::ranges::count_if(report.results, std::not_fn(&CaseResult::holds));
  const std::string what =
      report.results.size() == 1
          ? "the response does not carry what it should"
          : fmt::format("{} of {} requests did not get what they should", failed, report.results.size());
  return std::unexpected(Error{ExitCode::check_failed, what, tries, next});
}

}  // namespace wasmup::traffic
