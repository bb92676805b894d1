// SPDX-License-Identifier: MIT
#include "check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::traffic {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Expectation foo{"x-wasm-custom", {"FOO"}};

Case one(const std::string& url, std::vector<Expectation> expectations = {foo}, int count = 1) {
  return {.name = url, .request = {.url = url}, .count = count, .expectations = std::move(expectations)};
}

http::Response with(http::Headers headers, int status = 200) {
  return {.status = status, .headers = std::move(headers), .body = "", .trailers = {}};
}
const http::Response good = with({{"x-wasm-custom", "FOO"}});

/// A server and a clock that the test moves.
class CheckTest : public testing::Test {
 protected:
  using Server = std::function<Expected<http::Response>(const http::Request&)>;

  Report check(const std::vector<Case>& cases, milliseconds within, Server server) {
    const auto report = try_check(cases, within, std::move(server));
    EXPECT_TRUE(report);
    return report.value();
  }
  Expected<Report> try_check(const std::vector<Case>& cases, milliseconds within, Server server) {
    const Means means{.send =
                          [&](const http::Request& request) {
                            requests_.push_back(request);
                            return server(request);
                          },
                      .now = [this] { return now_; },
                      .pause =
                          [this](milliseconds time) {
                            pauses_.push_back(time);
                            now_ += time;
                          },
                      .interrupted = [this] { return interrupted_; }};
    return traffic::check(
        cases,
        {.within = within, .on_wait = [this](const Report&, milliseconds left) { waits_.push_back(left); }},
        means);
  }

  static Expected<http::Response> nobody(const http::Request& request) {
    return std::unexpected(Error{ExitCode::environment, "no answer from " + request.url, "nobody there", ""});
  }

  std::chrono::steady_clock::time_point now_;
  bool interrupted_ = false;
  std::vector<http::Request> requests_;
  std::vector<milliseconds> pauses_;
  std::vector<milliseconds> waits_;
};

TEST_F(CheckTest, what_holds_at_once_is_asked_once) {
  const Report report = check({one("a"), one("b")}, 30s, [](const auto&) { return good; });
  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.first_failure(), nullptr);
  EXPECT_EQ(report.attempts, 1);
  EXPECT_THAT(requests_, SizeIs(2));
  EXPECT_THAT(pauses_, IsEmpty());
  EXPECT_TRUE(verdict(report));
}

TEST_F(CheckTest, without_a_time_there_is_one_attempt) {
  const Report report = check({one("a")}, 0s, [](const auto&) { return with({{"x-wasm-custom", "BAR"}}); });
  EXPECT_FALSE(report.holds());
  EXPECT_THAT(requests_, SizeIs(1));
  EXPECT_EQ(requests_[0].limit, 10s);
  EXPECT_THAT(pauses_, IsEmpty());
  const CaseResult& result = report.results.at(0);
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_FALSE(result.findings[0].met);
  EXPECT_EQ(result.findings[0].expected, "x-wasm-custom: FOO, exactly once");
  EXPECT_EQ(result.findings[0].seen, "x-wasm-custom: BAR");
  EXPECT_EQ(verdict(report).error().code, ExitCode::check_failed);
}

TEST_F(CheckTest, every_expectation_is_judged_not_the_first_alone) {
  const Report report = check({one("a", {{":status", {"500"}}, foo, {"server", {}}})}, 0s, [](const auto&) {
    return with({{"server", "envoy"}, {"x-wasm-custom", "FOO"}});
  });
  std::vector<bool> met;
  for (const Finding& finding : report.results.at(0).findings) met.push_back(finding.met);
  EXPECT_THAT(met, ElementsAre(false, true, false));
}

TEST_F(CheckTest, what_comes_in_time_holds) {
  const Report report = check({one("a")}, 30s, [&](const auto& request) -> Expected<http::Response> {
    if (requests_.size() == 1) return nobody(request);
    return requests_.size() < 4 ? with({}) : good;
  });
  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.attempts, 4);
  EXPECT_THAT(pauses_, ElementsAre(50ms, 100ms, 200ms));
  EXPECT_THAT(waits_, ElementsAre(30000ms, 29950ms, 29850ms));
  EXPECT_EQ(report.time, 350ms);
}

TEST_F(CheckTest, pauses_grow_to_two_seconds_and_end_with_the_time_when_there_is_a_last_attempt) {
  const Report report = check({one("a")}, 10s, [](const auto&) { return with({}); });
  EXPECT_FALSE(report.holds());
  EXPECT_THAT(pauses_, ElementsAre(50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms, 2000ms, 850ms));
  EXPECT_EQ(report.attempts, 11);
  EXPECT_EQ(report.time, 10s);
}

TEST_F(CheckTest, what_comes_in_the_last_moment_holds) {
  const auto start = now_;
  EXPECT_TRUE(
      check({one("a")}, 10s, [&](const auto&) { return now_ - start >= 10s ? good : with({}); }).holds());
}

TEST_F(CheckTest, all_must_hold_in_the_same_attempt) {
  // Each holds every other time, and never both.
  int asked = 0;
  const Report never = check({one("a"), one("b")}, 5s, [&](const auto&) {
    const int turn = asked++ % 4;
    return turn == 0 || turn == 3 ? good : with({});
  });
  EXPECT_FALSE(never.holds());
}

TEST_F(CheckTest, each_of_several_requests_must_hold) {
  const Report report =
      check({one("a", {foo}, 5)}, 0s, [&](const auto&) { return requests_.size() == 3 ? with({}) : good; });
  EXPECT_FALSE(report.holds());
  EXPECT_EQ(report.results.at(0).sent, 3) << "the one that did not hold is the one shown";
  EXPECT_THAT(report.results.at(0).findings.at(0).seen, "no x-wasm-custom");
  requests_.clear();
  EXPECT_TRUE(check({one("a", {foo}, 5)}, 0s, [](const auto&) { return good; }).holds());
  EXPECT_THAT(requests_, SizeIs(5));
}

TEST_F(CheckTest, a_request_has_no_more_time_than_is_left_but_at_least_a_second) {
  check({one("a")}, 5s, [&](const http::Request& request) {
    now_ += request.limit;
    return nobody(request);
  });
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_EQ(requests_[0].limit, 5s);
  EXPECT_EQ(requests_[1].limit, 1s);
}

TEST_F(CheckTest, once_the_time_is_up_the_first_failure_is_the_last_request) {
  const Report report = check({one("a"), one("b"), one("c")}, 2s, [&](const http::Request& request) {
    now_ += request.limit;
    return nobody(request);
  });
  EXPECT_THAT(requests_, SizeIs(2)) << "a, and in the last attempt a";
  EXPECT_THAT(report.results.at(1).no_answer, HasSubstr("not asked"));
  EXPECT_EQ(now_ - std::chrono::steady_clock::time_point(), 3s);
}

TEST_F(CheckTest, no_answer_at_all_is_to_blame_on_the_environment) {
  const Report report = check({one("http://a/")}, 1s, nobody);
  EXPECT_FALSE(report.answered);
  const Error error = verdict(report).error();
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_EQ(error.what, "no answer from http://a/");
  EXPECT_THAT(error.seen, AllOf(HasSubstr("nobody there"), HasSubstr("after 6 attempts in 1.0 s")));
  EXPECT_EQ(error.next, "curl -i http://a/");
}

TEST_F(CheckTest, no_answer_to_some_is_a_check_that_failed) {
  const Report report = check({one("a"), one("b")}, 0s, [](const auto& request) -> Expected<http::Response> {
    if (request.url == "a") return nobody(request);
    return good;
  });
  EXPECT_EQ(report.results.at(0).no_answer, "nobody there");
  const Error error = verdict(report).error();
  EXPECT_EQ(error.code, ExitCode::check_failed);
  EXPECT_EQ(error.what, "1 of 2 requests did not get what they should");
  EXPECT_EQ(error.next, "curl -i a");
}

TEST_F(CheckTest, a_server_that_went_away_is_a_check_that_failed) {
  const Report report = check({one("a")}, 1s, [&](const auto& request) -> Expected<http::Response> {
    if (requests_.size() > 1) return nobody(request);
    return with({});
  });
  EXPECT_EQ(verdict(report).error().code, ExitCode::check_failed);
}

TEST_F(CheckTest, a_request_that_cannot_be_sent_is_not_sent_again) {
  const auto report = try_check({one("a")}, 30s, [](const auto&) -> Expected<http::Response> {
    return std::unexpected(Error{ExitCode::usage, "cannot send", "", ""});
  });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ExitCode::usage);
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(CheckTest, an_interrupt_ends_it_while_it_asks_and_while_it_waits) {
  auto report = try_check({one("a", {foo}, 100)}, 30s, [&](const auto&) {
    interrupted_ = requests_.size() == 3;
    return good;
  });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ExitCode::interrupted);
  EXPECT_THAT(requests_, SizeIs(3));

  report = try_check({one("a")}, 30s, [&](const auto&) {
    interrupted_ = true;
    return with({});
  });
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ExitCode::interrupted);
}

}  // namespace
}  // namespace wasmup::traffic
