// SPDX-License-Identifier: MIT
// What a run is: the same for the same seed, and every hostcall of it can be made to fail.
#include <algorithm>
#include <set>

#include <wasmup/signatures.hpp>
#include <wasmup/testing.hpp>

#include "simulation/run.hpp"

using namespace wasmup::testing;
using namespace wasmup::testing::simulation;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace {

const SimulationOptions healthy{.host = {.plugin_configuration = "healthy"}};
const Invariant none;

Plan plan(const RunName& name) {
  static const Vocabulary vocabulary(healthy, {"x-api-key"});
  return plan_of(name, healthy, vocabulary, {});
}

}  // namespace

TEST(Run, is_the_same_for_the_same_seed) {
  for (const uint64_t seed : {2, 3, 7, 1000}) {
    const auto once = trace_of(seed, healthy);
    EXPECT_THAT(once, Not(IsEmpty()));
    EXPECT_EQ(once, trace_of(seed, healthy));
  }
  EXPECT_NE(trace_of(2, healthy), trace_of(3, healthy));
}

TEST(Run, lets_every_hostcall_fail_with_every_status) {
  for (const uint64_t seed : {4, 8, 12, 16}) {
    const Outcome whole = run(plan({.seed = seed}), healthy, none);
    EXPECT_THAT(whole.failures, IsEmpty());
    std::set<uint32_t> events;
    for (const Watch::Made& made : whole.made) {
      events.insert(made.event);
      for (const uint32_t status : failures_of(made.hostcall)->statuses) {
        const RunName name{.seed = seed, .fault = Fault{made.event, made.nth, status}};
        const Outcome failed = run(plan(name), healthy, none);
        EXPECT_EQ(failed.failed_hostcalls, 1U) << name.text() << " " << made.hostcall;
        EXPECT_THAT(failed.trace, Contains(HasSubstr(made.hostcall + "(made to fail)")));
      }
    }
    EXPECT_TRUE(events.contains(at_start));
  }
}

TEST(Failures, are_known_of_every_hostcall) {
  // Not Proxy-Wasm, and nothing that could fail.
  const std::set<std::string_view> others = {"emscripten_notify_memory_growth", "pthread_equal",
                                             "envoy_resolve_dns"};
  for (const auto& signature : wasmup::abi::hostcalls) {
    EXPECT_EQ(failures_of(signature.name) == nullptr, others.contains(signature.name)) << signature.name;
  }
  for (const Failures& one : all_failures()) EXPECT_FALSE(one.statuses.empty()) << one.hostcall;
}

TEST(RunName, is_read_as_it_is_written) {
  for (const char* const text : {"0", "1234", "18446744073709551615", "1234/5.2/10", "7/repeat"}) {
    const auto name = RunName::of(text);
    ASSERT_TRUE(name) << text;
    EXPECT_EQ(name->text(), text);
  }
  for (const char* const text : {"", "x", "-1", "1/", "1/2", "1/2.3", "1/2.3/", "1/2.3/4x", "1/again"}) {
    EXPECT_FALSE(RunName::of(text)) << text;
  }
}

TEST(Event, is_told_in_a_line) {
  EXPECT_EQ(text_of({.kind = Kind::client_leaves, .stream = 3}), "stream 3: the client leaves");
  EXPECT_EQ(text_of({.kind = Kind::answer, .stream = 3, .headers = {{":status", "200"}}, .same_pass = true}),
            "at once, stream 3: its oldest call-out is answered {:status: 200}, no bytes");
  EXPECT_EQ(text_of({.kind = Kind::time, .number = 500}), "500 ms pass");
}
