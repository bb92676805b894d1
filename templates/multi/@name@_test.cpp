#include <wasmup/testing.hpp>

using namespace wasmup::testing;

TEST(Deny, answers_what_its_configuration_says) {
  Host host(HostOptions{.plugin_configuration = "/admin", .root_id = "deny"});
  const Exchange exchange = host.exchange(get("/admin/users"));
  EXPECT_EQ(exchange.status(), 403);
  EXPECT_FALSE(exchange.upstream);
}

TEST(Deny, lets_all_else_pass) {
  Host host(HostOptions{.plugin_configuration = "/admin", .root_id = "deny"});
  EXPECT_EQ(host.exchange(get("/"), reply(200, "body")).client, reply(200, "body"));
}

TEST(Mark, sets_its_header) {
  Host host(HostOptions{.root_id = "mark"});
  EXPECT_THAT(host.exchange(get("/")).client, HasHeader("x-@name@", "marked"));
}

TEST(@Type@, has_no_filter_of_another_name) { EXPECT_FALSE(Host(HostOptions{.root_id = "other"}).is_running()); }
