// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <wasmup/testing.hpp>

using namespace std::chrono_literals;
using namespace wasmup::testing;
using ::testing::ElementsAre;
using wasmup::LogLevel;

namespace {

std::vector<std::string> lines(const Host& host) {
  std::vector<std::string> texts;
  for (const LogLine& line : host.logs()) texts.push_back(line.text);
  return texts;
}

}  // namespace

TEST(Surroundings, have_the_environment_of_the_configuration) {
  const Host host(HostOptions{.environment = {{"EMPTY", ""}, {"GREETING", "good=day"}, {"Z", "last"}}});
  EXPECT_THAT(lines(host), ElementsAre("GREETING = good=day", "EMPTY = ", "GREET is missing",
                                       "GREETINGS is missing", " is missing"));
}

TEST(Surroundings, have_no_environment_unless_configured) {
  const Host host;
  EXPECT_THAT(lines(host), ElementsAre("GREETING is missing", "EMPTY is missing", "GREET is missing",
                                       "GREETINGS is missing", " is missing"));
}

TEST(Surroundings, have_clocks_that_a_test_moves) {
  Host host(HostOptions{.plugin_configuration = "tick"});
  host.clear_records();
  host.advance(1s);
  EXPECT_THAT(lines(host),
              ElementsAre("wall clock moved on by 1000000000", "monotonic clock moved on by 1000000000"));
}

TEST(Surroundings, have_a_time_and_a_log_level) {
  Host host(HostOptions{.log_level = LogLevel::off,
                        .start = std::chrono::sys_days{std::chrono::January / 2 / 1970}});
  host.clear_records();
  host.open_stream().request_headers(get("/").headers);
  EXPECT_THAT(lines(host),
              ElementsAre("it is 86400000000000", "level 6", "0 does not", "2 does not", "5 does not"));
}

TEST(Surroundings, have_log_levels_from_the_hosts_on) {
  Host host;
  host.clear_records();
  host.open_stream().request_headers(get("/").headers);
  EXPECT_THAT(lines(host),
              ElementsAre(::testing::StartsWith("it is "), "level 2", "0 does not", "2 shows", "5 shows"));
}

TEST(Surroundings, have_a_log_level_that_shows_nothing) {
  Host host(HostOptions{.log_level = LogLevel::off});
  EXPECT_EQ(host.exchange(get("/")).client->headers.get("x-level"), "6");
}

TEST(Surroundings, have_randomness) {
  Host host;
  host.clear_records();
  host.open_stream().response_headers(reply().headers);
  EXPECT_THAT(lines(host), ElementsAre("two random numbers differ", "a small one came", "many came",
                                       "none came", "too many at once"));
}
