// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wasmup::LogLevel;

namespace {

TEST(Configuration, is_read_into_the_users_own_struct) {
  Host host(R"({"name": "blue", "limit": 7, "ratio": 0.25, "strict": true, "paths": ["/a", "/b"]})");
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.client, HasHeader("x-name", "blue"));
  EXPECT_THAT(exchange.client, HasHeader("x-limit", "7"));
  EXPECT_THAT(exchange.client, HasHeader("x-ratio", "0.25"));
  EXPECT_THAT(exchange.client, HasHeader("x-strict", "true"));
  EXPECT_THAT(exchange.client->headers.values("x-path"), ElementsAre("/a", "/b"));
}

TEST(Configuration, may_leave_out_what_has_a_default) {
  Host host(R"({"name": "blue"})");
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.client, HasHeader("x-name", "blue"));
  EXPECT_THAT(exchange.client, LacksHeader("x-strict"));
}

TEST(Configuration, that_is_wrong_is_refused_with_a_line_that_says_where) {
  const Host host("{\n  \"name\": \"blue\",\n  \"limit\": \"ten\"\n}");
  EXPECT_FALSE(host.is_running());
  EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false"));
  EXPECT_THAT(host.logs(),
              ElementsAre(Logged(LogLevel::error,
                                 "plugin configuration, line 3, column 12: \"limit\": expected a whole "
                                 "number from 0 to 4294967295")));
}

TEST(Configuration, that_is_wrong_leaves_the_old_one_serving) {
  Host host(R"({"name": "blue"})");
  EXPECT_FALSE(host.reconfigure(R"({"nam": "red"})"));
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-name", "blue"));
}

TEST(Configuration, that_is_empty_names_what_is_missing) {
  const Host host("");
  EXPECT_THAT(host.logs(),
              ElementsAre(Logged(LogLevel::error, "line 1, column 1: \"name\": this is missing")));
}

}  // namespace
