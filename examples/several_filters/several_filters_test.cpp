// SPDX-License-Identifier: MIT
#include <chrono>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

HostOptions plugin(std::string root_id, std::string configuration = "") {
  return {.plugin_configuration = std::move(configuration), .root_id = std::move(root_id)};
}

}  // namespace

TEST(SeveralFilters, deny_answers_paths_that_begin_with_its_configuration) {
  Host host(plugin("deny", "/admin"));
  for (const char* path : {"/admin", "/admin/users", "/administrator"}) {
    const Exchange exchange = host.exchange(get(path));
    EXPECT_EQ(exchange.status(), 403) << path;
    EXPECT_EQ(exchange.client->body, "denied\n");
    EXPECT_FALSE(exchange.upstream);
  }
}

TEST(SeveralFilters, deny_lets_all_else_pass_untouched) {
  Host host(plugin("deny", "/admin"));
  for (const char* path : {"/", "/users/admin", "/Admin"}) {
    const Exchange exchange = host.exchange(get(path), reply(200, "answer"));
    EXPECT_EQ(exchange.upstream, get(path));
    EXPECT_EQ(exchange.client, reply(200, "answer"));
  }
}

TEST(SeveralFilters, mark_sets_its_configuration_on_responses) {
  Host host(plugin("mark", "blue"));
  const Exchange exchange = host.exchange(get("/admin"), reply(200, "", {{"x-mark", "upstream"}}));
  EXPECT_THAT(exchange.client, HasHeader("x-mark", "blue"));
  EXPECT_EQ(exchange.upstream, get("/admin"));
}

TEST(SeveralFilters, mark_says_so_when_its_configuration_cannot_be_in_a_header) {
  Host host(plugin("mark", "two\nlines"));
  EXPECT_THAT(host.exchange(get("/")).client, LacksHeader("x-mark"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::warn, "cannot be in a header")));
}

TEST(SeveralFilters, heartbeat_comes_every_second_and_leaves_traffic_alone) {
  Host host(plugin("heartbeat"));
  EXPECT_EQ(host.exchange(get("/"), reply(200, "answer")).client, reply(200, "answer"));
  EXPECT_THAT(host.logs(), ElementsAre());
  host.advance(std::chrono::seconds(2));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::info, "heartbeat"),
                                       Logged(wasmup::LogLevel::info, "heartbeat")));
}

TEST(SeveralFilters, a_filter_without_its_configuration_is_refused) {
  for (const char* root_id : {"deny", "mark"}) {
    Host host(plugin(root_id));
    EXPECT_FALSE(host.is_running());
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, "the configuration is empty")));
  }
}

TEST(SeveralFilters, an_unknown_root_id_is_refused) {
  Host host(plugin("allow"));
  EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, "no filter for the root id 'allow'")));
}
