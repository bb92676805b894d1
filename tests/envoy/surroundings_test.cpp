// SPDX-License-Identifier: MIT
// What Envoy surrounds a module with: clocks, randomness, environment, log level. tests/sdk has the same for
// the fake host.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::MatchesRegex;

class Surroundings : public SdkTest {};

TEST_F(Surroundings, have_the_environment_of_the_configuration_and_none_of_envoys_own) {
  envoy::WasmFilter with = filter("surroundings");
  with.environment = {{"EMPTY", ""}, {"GREETING", "good=day"}, {"Z", "last"}};
  serve(with);
  EXPECT_THAT(module_log(5),
              IsSupersetOf({"error: GREETING = good=day", "error: EMPTY = ", "error: GREET is missing",
                            "error: GREETINGS is missing", "error:  is missing"}));
  server_.reset();
  log_.clear();
  serve(filter("surroundings"));
  EXPECT_THAT(module_log(5), Contains("error: GREETING is missing"));
}

TEST_F(Surroundings, have_clocks_that_go) {
  serve(filter("surroundings", "tick"));
  pump_until([this] {
    return testing::Value(module_log(), Contains(MatchesRegex("error: monotonic clock moved on by .*")));
  });
  // About a second: a timer may be a little early, and the machine late.
  EXPECT_THAT(module_log(), Contains(MatchesRegex("error: wall clock moved on by [1-9][0-9]{8,}")));
  EXPECT_THAT(module_log(), Contains(MatchesRegex("error: monotonic clock moved on by [1-9][0-9]{8,}")));
}

TEST_F(Surroundings, have_a_time_a_log_level_and_randomness) {
  start({.filters = {filter("surroundings")}}, "info");
  filtered({.url = "/"});
  pump_until([this] { return testing::Value(module_log(), Contains("error: too many at once")); });
  auto log = module_log();
  log.erase(log.begin(), log.end() - 10);  // what it said at the start
  EXPECT_THAT(log, ElementsAre(MatchesRegex("error: it is [0-9]{19}"), "error: level 2", "error: 0 does not",
                               "error: 2 shows", "error: 5 shows", "error: two random numbers differ",
                               "error: a small one came", "error: many came", "error: none came",
                               "error: too many at once"));
}

TEST_F(Surroundings, have_a_log_level_that_shows_nothing) {
  start({.filters = {filter("surroundings")}}, "off");
  EXPECT_THAT(filtered({.url = "/"}).values("x-level"), ElementsAre("6"));
  EXPECT_THAT(control({.url = "/"}).values("x-level"), testing::IsEmpty());
}

}  // namespace
}  // namespace wasmup
