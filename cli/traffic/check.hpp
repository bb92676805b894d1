// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../http/client.hpp"
#include "requests_file.hpp"

namespace wasmup::traffic {

/// The world outside, as far as a check needs it.
struct Means {
  std::function<Expected<http::Response>(const http::Request&)> send;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<void(std::chrono::milliseconds)> pause;  ///< may end early, on Ctrl-C
  std::function<bool()> interrupted;
};

struct Finding {
  std::string expected;
  bool met = false;
  std::string seen;  ///< in its place; empty if it is met
};

/// What came of a case when it was tried last.
struct CaseResult {
  Case tried;
  int sent = 0;                  ///< requests; fewer than the case's count when one of them did not hold
  std::string no_answer = {};    ///< why the last of them got none; empty if it got one
  http::Response response = {};  ///< to the last of them, if it got one
  std::vector<Finding> findings = {};  ///< one an expectation, of that response
  std::chrono::milliseconds time{0};

  bool holds() const;
};

struct Report {
  std::vector<CaseResult> results;  ///< one a case, in their order
  int attempts = 0;                 ///< at all cases
  bool answered = false;            ///< at least one response came, in any attempt
  std::chrono::milliseconds time{0};

  bool holds() const;
  const CaseResult* first_failure() const;
};

/// How long to wait for a case to hold.
struct Patience {
  std::chrono::milliseconds within{0};  ///< zero: one attempt
  /// Before the next attempt, with the time that is left.
  std::function<void(const Report&, std::chrono::milliseconds left)> on_wait = {};
};

/// Sends every case's requests, one after the other, until all of them hold in one and the same attempt. The
/// last attempt begins when the time is up; from then on a request gets a second at most, and the first case
/// that does not hold ends it. An error is one of usage (a request that cannot be sent) or an interrupt.
Expected<Report> check(const std::vector<Case>& cases, const Patience& patience, const Means& means);

/// What a report comes to: nothing, or the error to end with.
Expected<void> verdict(const Report& report);

}  // namespace wasmup::traffic
