// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

#include "child.hpp"
#include "report.hpp"
#include "shrink.hpp"

namespace wasmup::testing {

using namespace simulation;

namespace {

using Clock = std::chrono::steady_clock;

/// More than this is not spent on making a failure smaller.
constexpr std::chrono::seconds time_to_shrink{30};
/// The first look at a filter plays these.
constexpr uint64_t seeds_to_look_at[] = {2, 3, 6};
/// A run again and again takes seconds in an interpreter: only where there is time for it.
constexpr std::chrono::seconds time_to_repeat{10};

/// Failures are alike when they differ in numbers alone.
std::string kind_of(const Outcome& outcome) {
  if (outcome.failures.empty()) return {};
  std::string kind = outcome.failures.front();
  if (kind.starts_with("the filter crashes")) return "crash";
  std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
  return kind.substr(0, 60);
}

class Exploration {
 public:
  Exploration(const SimulationOptions& options, const Invariant& invariant)
      : options_(options),
        invariant_(invariant),
        vocabulary_(std::make_unique<Vocabulary>(options, std::vector<std::string>())) {}

  SimulationReport run() {
    const Clock::time_point start = Clock::now();
    std::chrono::milliseconds duration = options_.duration;
    if (const char* const seconds = std::getenv("WASMUP_SIMULATE_SECONDS"); seconds != nullptr) {
      duration = std::chrono::milliseconds(static_cast<int64_t>(std::strtod(seconds, nullptr) * 1000));
    }
    look_at_filter();
    std::optional<RunName> failing;
    if (const char* const chosen = std::getenv("WASMUP_SIMULATE_SEED"); chosen != nullptr) {
      failing = RunName::of(chosen);
      if (!failing) {
        report_.failures = {std::string("WASMUP_SIMULATE_SEED is no seed: ") + chosen};
        report_.text = report_.failures.front();
        return report_;
      }
    } else {
      failing = search(start + duration, duration);
    }
    if (failing) make_report(*failing, start);
    return report_;
  }

  std::vector<std::string> trace(uint64_t seed) {
    look_at_filter();
    return simulation::run(plan({.seed = seed}), options_, invariant_).trace;
  }

 private:
  Plan plan(const RunName& name) const { return plan_of(name, options_, *vocabulary_, protocols_); }

  /// Plays a little to see what the filter asks for.
  void look_at_filter() {
    std::vector<std::string> names;
    for (const uint64_t seed : seeds_to_look_at) {
      Plan first = plan({.seed = seed});
      first.fails_at_random = false;
      const Outcome outcome = run_in_child(first, options_, {}, Details::none);
      for (const std::string& name : outcome.headers_asked_for) {
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      }
      protocols_ = outcome.protocols;
    }
    std::ranges::sort(names);
    vocabulary_ = std::make_unique<Vocabulary>(options_, std::move(names));
  }

  /// Seed after seed in a child, until one fails or crashes it.
  std::optional<RunName> search(Clock::time_point until, std::chrono::milliseconds duration) {
    const Progress progress = in_child([&](Progress& progress) {
      const bool repeats = duration >= time_to_repeat;
      for (uint64_t seed = options_.seed; Clock::now() < until; ++seed) {
        if (!passes({.seed = seed}, progress)) return;
        const std::vector<Watch::Made> made = std::move(last_);
        if (repeats && seed == options_.seed && !passes({.seed = seed, .repeats = true}, progress)) return;
        if (is_small(seed) && options_.fails_hostcalls && !fail_each(seed, made, until, progress)) return;
      }
    });
    report_.runs = progress.runs;
    report_.streams = progress.streams;
    report_.failed_hostcalls = progress.failed_hostcalls;
    if (progress.is_finished && !progress.has_failed) return std::nullopt;
    return RunName::of(progress.name);
  }

  bool passes(const RunName& name, Progress& progress) {
    const std::string text = name.text();
    std::strncpy(progress.name, text.c_str(), sizeof(progress.name) - 1);
    progress.name[text.size()] = '\0';
    limit_time(name.repeats ? 10 * seconds_a_run : seconds_a_run);
    const Outcome outcome = simulation::run(plan(name), options_, invariant_);
    limit_time(0);
    ++progress.runs;
    progress.streams += outcome.streams;
    progress.failed_hostcalls += outcome.failed_hostcalls;
    last_ = outcome.made;
    progress.has_failed = !outcome.failures.empty();
    return !progress.has_failed;
  }

  /// Every hostcall of a run in turn, with every status that it can have.
  bool fail_each(uint64_t seed, const std::vector<Watch::Made>& made, Clock::time_point until,
                 Progress& progress) {
    for (const Watch::Made& call : made) {
      for (const uint32_t status : failures_of(call.hostcall)->statuses) {
        if (Clock::now() >= until) return true;
        if (!passes({.seed = seed, .fault = Fault{call.event, call.nth, status}}, progress)) return false;
      }
    }
    return true;
  }

  void make_report(const RunName& name, Clock::time_point start) {
    report_.found_after = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    const Plan whole = plan(name);
    const unsigned seconds = name.repeats ? 10 * seconds_a_run : seconds_a_run;
    const Outcome first = run_in_child(whole, options_, invariant_, Details::all, seconds);
    report_.runs += 1;
    if (first.failures.empty()) {
      // A seed that was asked for, and passes; or one that failed only after others.
      if (report_.runs > 1) {
        report_.seed = name.text();
        report_.failures = {"seed " + name.text() + " failed after others, and does not fail alone"};
        report_.text = report_.failures.front();
      } else {
        report_.streams += first.streams;
      }
      return;
    }
    const std::string kind = kind_of(first);
    const Clock::time_point late = Clock::now() + time_to_shrink;
    const Plan small =
        name.repeats
            ? whole
            : shrink(
                  whole, options_.host.buffer_limit,
                  [&](const Plan& smaller) {
                    return kind_of(run_in_child(smaller, options_, invariant_, Details::none, 3)) == kind;
                  },
                  [late] { return Clock::now() >= late; });
    const Outcome last = run_in_child(small, options_, invariant_, Details::all, seconds);
    write_report(report_, options_, whole, small, last.failures.empty() ? first : last);
  }

  const SimulationOptions& options_;
  const Invariant& invariant_;
  std::unique_ptr<Vocabulary> vocabulary_;
  Protocols protocols_;
  std::vector<Watch::Made> last_;
  SimulationReport report_;
};

}  // namespace

SimulationReport explore(const SimulationOptions& options, const Invariant& invariant) {
  return Exploration(options, invariant).run();
}

SimulationReport simulate(const SimulationOptions& options, const Invariant& invariant) {
  SimulationReport report = explore(options, invariant);
  if (!report.passed()) ADD_FAILURE() << report.text;
  return report;
}

std::vector<std::string> trace_of(uint64_t seed, const SimulationOptions& options) {
  const Invariant none;
  return Exploration(options, none).trace(seed);
}

}  // namespace wasmup::testing
