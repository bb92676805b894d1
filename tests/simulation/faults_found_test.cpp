// SPDX-License-Identifier: MIT
// Each kind of fault is found, and made small; what is healthy passes.
#include <cstdlib>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;

namespace {

SimulationOptions options(std::string fault, std::chrono::milliseconds duration = 9s) {
  return {.host = {.plugin_configuration = std::move(fault)}, .duration = duration};
}

/// What is found, with as few events as that.
void expect_found(const SimulationReport& report, const char* failure, size_t most_events) {
  EXPECT_THAT(report.failures, Contains(HasSubstr(failure)));
  EXPECT_LE(report.events.size(), most_events) << report.text;
  EXPECT_THAT(report.text, HasSubstr("seed " + report.seed));
}

}  // namespace

TEST(Simulation, a_healthy_filter_passes) {
  const SimulationReport report = simulate(options("healthy", 3s));
  EXPECT_GT(report.runs, 20U);
  EXPECT_GT(report.streams, 20U);
  EXPECT_GT(report.failed_hostcalls, 20U);
}

TEST(Simulation, finds_an_answer_that_acts_on_a_stream_that_has_ended) {
  expect_found(explore(options("late_answer")), "acts on a stream that has ended", 3);
}

TEST(Simulation, finds_an_answer_that_acts_on_another_stream) {
  expect_found(explore(options("another_stream")), "acts on another stream than the one that asked", 5);
}

TEST(Simulation, says_nothing_where_streams_may_act_for_one_another) {
  SimulationOptions apart = options("another_stream", 2s);
  apart.streams_are_apart = false;
  EXPECT_THAT(explore(apart).text, Not(HasSubstr("acts on another stream")));
}

TEST(Simulation, finds_memory_that_is_used_after_it_was_freed) {
  SimulationOptions crashing = options("use_after_free");
  crashing.fails_hostcalls = false;
  const SimulationReport report = explore(crashing);
  EXPECT_THAT(report.failures, Contains(HasSubstr("crashes")));
  EXPECT_LE(report.events.size(), 3U) << report.text;
}

TEST(Simulation, finds_two_replies) {
  expect_found(explore(options("two_replies")), "answers a response twice", 3);
}

TEST(Simulation, finds_a_request_that_is_held_though_no_call_went_out) {
  const SimulationReport report = explore(options("hold_without_a_call"));
  expect_found(report, "a request is held for ever", 2);
}

TEST(Simulation, finds_a_request_that_is_held_when_its_call_broke_off) {
  SimulationOptions holding = options("hold_without_an_answer");
  holding.fails_hostcalls = false;
  expect_found(explore(holding), "a request is held for ever", 3);
}

TEST(Simulation, finds_a_body_that_is_gathered_once_too_much_of_it_waits) {
  SimulationOptions holding = options("gather_after_hold");
  holding.fails_hostcalls = false;
  expect_found(explore(holding), "more of it than Envoy's buffer limit waits", 4);
}

TEST(Simulation, finds_a_length_that_is_not_true) {
  SimulationOptions lengths = options("wrong_length");
  lengths.bodies = {"a cat"};
  expect_found(explore(lengths), "content-length", 4);
}

TEST(Simulation, finds_control_characters) {
  expect_found(explore(options("control_characters")), "header with control characters", 2);
}

TEST(Simulation, finds_bytes_that_are_not_freed) {
  expect_found(explore(options("leak")), "the module leaks", 2);
}

TEST(Simulation, finds_what_an_author_says_must_not_be) {
  SimulationOptions bodies = options("unseen_before_trailers");
  bodies.bodies = {"a cat"};
  const SimulationReport report = explore(bodies, [](const SimulatedExchange& it) {
    if (it.hostcalls_failed || !it.response || !it.client || it.was_reset) return;
    EXPECT_FALSE(it.response->body == "a cat" && it.client->body == "a cat");
  });
  EXPECT_LE(report.events.size(), 8U) << report.text;  // the body may have come in pieces
  EXPECT_THAT(report.events, Contains(HasSubstr("response trailers")));
}

TEST(Simulation, tells_an_invariant_what_the_client_asked) {
  bool is_seen = false;
  const auto invariant = [](const SimulatedExchange& it) {
    EXPECT_FALSE(it.status() == 200 && it.response && it.request.headers.contains("x-api-key"));
  };
  const SimulationReport report = explore(options("passes_all"), invariant);
  is_seen = !report.passed();
  EXPECT_TRUE(is_seen);
  EXPECT_THAT(report.events, Contains(HasSubstr("x-api-key")));
}

TEST(Simulation, finds_what_a_whole_run_must_not_be) {
  const auto once_a_stream = [](const SimulatedRun& run) {
    size_t count = 0;
    for (const LogLine& line : run.logs) count += line.text == "done" ? 1 : 0;
    EXPECT_TRUE(run.hostcalls_failed || count == run.streams) << count << " of " << run.streams;
  };
  SimulationOptions roots = options("done_of_a_root");
  roots.afterwards = once_a_stream;
  const SimulationReport report = explore(roots);
  EXPECT_FALSE(report.passed());
  EXPECT_LE(report.events.size(), 2U) << report.text;
  SimulationOptions streams = options("healthy", 1s);
  streams.afterwards = once_a_stream;
  EXPECT_TRUE(simulate(streams).passed());
}

TEST(Simulation, plays_one_seed_again) {
  const SimulationReport found = explore(options("late_answer"));
  setenv("WASMUP_SIMULATE_SEED", found.seed.c_str(), 1);
  const SimulationReport again = explore(options("late_answer"));
  EXPECT_EQ(again.seed, found.seed);
  EXPECT_EQ(again.events, found.events);
  EXPECT_EQ(again.trace, found.trace);
  EXPECT_EQ(again.runs, 1U);
  setenv("WASMUP_SIMULATE_SEED", "one", 1);
  EXPECT_THAT(explore(options("healthy")).failures, Contains(HasSubstr("no seed: one")));
  unsetenv("WASMUP_SIMULATE_SEED");
}
